#!/bin/bash
# SPDX-License-Identifier: MIT
# The numbers of xsmall report: layer waste with writer, killer and reason, and dive's figures,
# compared with awk over GNU tar's listings; for the real image and the image of odd entries.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_tree.sh"
. "$here/lib_numbers.sh"

image_ready
cd "$scratch" || exit 1
numbers full "$image/full.tar"
mkdir odd
make_odd_image "$scratch/odd"
must "docker-archive" skopeo copy -q oci:odd/oci:odd docker-archive:odd.tar:localhost/odd:1
numbers odd odd.tar
finish
