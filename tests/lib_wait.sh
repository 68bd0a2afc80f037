# SPDX-License-Identifier: MIT
# Sourced by tests that wait for an event. The limit is for hangs alone: many times what a busy
# machine takes, so that no test depends on the speed of the machine.

hang_s=${XSMALL_HANG_S:-900}

# wait_until COMMAND...: runs the command until it succeeds; fails after $hang_s seconds.
wait_until()
{
    local deadline=$((SECONDS + hang_s))
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}
