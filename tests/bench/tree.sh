#!/bin/bash
# SPDX-License-Identifier: MIT
# Compares the big image of images.sh with GNU tar: each path, kind, size, mode, owner, link and
# content. Runs after images.sh by alphabetical order.
. "$(dirname "$0")/../e2e/lib_check.sh"
. "$here/lib_tree.sh"

archive=$build/bench-images/plain.tar
must "the image (images.sh makes it)" test -e "$archive"
cd "$scratch" || exit 1
must "load" xsmall -q -s big.xsmall load "$archive"
must "GNU tar" gnu_unpack "$archive" root
tree_of root >truth
tree_in big.xsmall >got
check "there is a tree" test "$(wc -l <truth)" -gt 30000
same "the tree" truth got
contents_of root >truth
contents_in big.xsmall >got
same "the contents" truth got
finish
