#!/bin/bash
# SPDX-License-Identifier: MIT
# 2000 generated layers as umoci unpacks them and as buildah mounts them, and 2000 archives as GNU tar
# extracts them. XSMALL_SEED=N repeats a run.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_build.sh"
need_tool umoci
need_tool skopeo
need_tool buildah
seed=${XSMALL_SEED:-$RANDOM}
cd "$scratch" || exit 1
storage_open
mkdir layers archives
(cd layers && python3 "$here/unpackers.py" layers "$build/xsmall" "$seed" "${XSMALL_CASES:-2000}" \
    "$storage_driver" "$storage/root" "$storage/run")
equal 'layers: exit' 0 $?
(cd archives && python3 "$here/unpackers.py" archives "$build/xsmall" "$seed" "${XSMALL_CASES:-2000}")
equal 'archives: exit' 0 $?
finish
