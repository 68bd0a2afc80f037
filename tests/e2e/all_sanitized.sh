#!/bin/bash
# SPDX-License-Identifier: MIT
# What takes long and needs builds of its own: libFuzzer on every target for two minutes, random keys
# for five with the address sanitizer, and for two with the thread sanitizer (loads and scans that are
# cancelled among them).
. "$(dirname "$0")/lib_check.sh"
top=$(cd "$here/../.." && pwd)
export LC_ALL=C.UTF-8

build_threads()
{
    cmake -S "$top" -B "$top/build/tsan" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
        -DCMAKE_C_FLAGS=-fsanitize=thread >/dev/null &&
        cmake --build "$top/build/tsan" --target screen_driver xsmall >/dev/null
}

check "libFuzzer" bash "$top/tests/fuzz/soak.sh" 120
check "keys" bash "$top/tests/fuzz/keys.sh" "$top/build/dev" 5
must "the build for threads" build_threads
check "keys, threads" bash "$top/tests/fuzz/keys.sh" "$top/build/tsan" 2
finish
