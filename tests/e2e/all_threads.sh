#!/bin/bash
# SPDX-License-Identifier: MIT
# The thread sanitizer: random keys for two minutes over a session that is loading (with cancelled loads
# and scans), and the unit tests that use several threads.
. "$(dirname "$0")/lib_check.sh"
top=$(cd "$here/../.." && pwd)
made=$top/build/tsan
export LC_ALL=C.UTF-8
tests="chain_chain db_session session_log_watch_end session_log_watcher trace_strace_options"

build_threads()
{
    (cd "$top" && cmake --preset tsan && cmake --build --preset tsan --target xsmall screen_driver \
        $(printf 'test_%s ' $tests)) >/dev/null
}

must "the build for threads" build_threads
check "keys" bash "$top/tests/fuzz/keys.sh" "$made" 2
for name in $tests; do
    status=0
    "$made/test_$name" >"$scratch/stderr" 2>&1 || status=$?
    equal "$name: $(grep -aE -A 12 'WARNING|FAILED' "$scratch/stderr"): exit" 0 "$status"
done
finish
