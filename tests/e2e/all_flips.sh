#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs unit/image_flips longer: thousands of damaged archives of each kind, with three seeds. Uses the
# sanitizer build next to the given build directory.
set -eu
flips=$(dirname "$1")/dev/test_image_flips
for seed in 1 2 3; do
    XSMALL_SEED=$seed XSMALL_FLIPS=3000 "$flips"
done
