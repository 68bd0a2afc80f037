# SPDX-License-Identifier: MIT
# Sourced by tests of every kind: waiting for an event, and when a test is skipped.
#
# The limit of a wait only ends hangs: it is many times what a busy machine needs, so that no test
# depends on the speed of the machine.

hang_s=${XSMALL_HANG_S:-600}

# wait_until COMMAND...: runs the command until it succeeds; fails after $hang_s seconds.
wait_until()
{
    local deadline=$((SECONDS + hang_s))
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}

# skip REASON: ends the test as skipped. tests/run.sh counts and names skipped tests.
skip()
{
    echo "skipped: $1"
    exit 77
}

# need_tool NAME...: skips the test if a program is missing. tests/run.sh installs what tests need,
# and fails if a test was skipped for this reason.
need_tool()
{
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || skip "missing tool: $tool"
    done
}

# need_strace: skips the test where this kernel or user cannot trace.
need_strace()
{
    need_tool strace
    strace -o /dev/null true || skip "no right to trace"
}
