#!/bin/bash
# SPDX-License-Identifier: MIT
# More of unit/image_flips: thousands of damaged archives of each kind, with three seeds. Run by
# the sanitizer build beside the build directory that is given.
set -eu
flips=$(dirname "$1")/dev/test_image_flips
for seed in 1 2 3; do
    XSMALL_SEED=$seed XSMALL_FLIPS=3000 "$flips"
done
