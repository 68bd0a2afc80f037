#!/bin/bash
# SPDX-License-Identifier: MIT
# Long runs with the address sanitizer: libFuzzer on each target for two minutes, in a separate
# build, and random keys for five minutes.
. "$(dirname "$0")/lib_check.sh"
top=$(cd "$here/../.." && pwd)
export LC_ALL=C.UTF-8

check "libFuzzer" bash "$top/tests/fuzz/soak.sh" 120
check "keys" bash "$top/tests/fuzz/keys.sh" "$top/build/dev" 5
finish
