#!/bin/bash
# SPDX-License-Identifier: MIT
# The release build is hardened against hostile input, as readelf shows: position-independent code,
# relocations read-only from the start, no executable stack, stack protector, checked C library calls,
# landing pads for indirect branches.
. "$(dirname "$0")/lib_check.sh"
readelf -Whldn "$build/xsmall" >"$scratch/readelf.out"
readelf -Ws --dyn-syms "$build/xsmall" >"$scratch/symbols"
check "PIE" grep -qE 'Type: +DYN' "$scratch/readelf.out"
check "RELRO" grep -q 'GNU_RELRO' "$scratch/readelf.out"
check "bound at start" grep -qE 'FLAGS_1\) .*NOW' "$scratch/readelf.out"
check "stack not executable" grep -qE 'GNU_STACK .* RW +0x' "$scratch/readelf.out"
check "no text relocations" test "$(grep -c TEXTREL "$scratch/readelf.out")" = 0
check "stack protector" grep -q '__stack_chk_fail' "$scratch/symbols"
check "checked calls" grep -qE '__(memcpy|snprintf|vsnprintf|printf|fprintf)_chk' "$scratch/symbols"
if [ "$(uname -m)" = x86_64 ]; then
    check "landing pads" test "$(objdump -d "$build/xsmall" | grep -c endbr64)" -gt 100
fi
finish
