# SPDX-License-Identifier: MIT
# Sourced by the end-to-end tests: checks, comparisons, and the scratch directory.
#
#   . "$(dirname "$0")/lib_check.sh"    sets $build, $here, $scratch; `at_exit COMMAND` cleans up
#   same WHAT EXPECTED-FILE GOT-FILE
#   finish                              the last line: fails if any check failed

. "$(dirname "${BASH_SOURCE[0]}")/../lib_common.sh"
set -u -o pipefail
umask 022 # the modes of files in the tests' images
build=$(cd "${1:?build directory}" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/xsmall-e2e-XXXXXX")
last_stderr=$(mktemp "${TMPDIR:-/tmp}/xsmall-e2e-XXXXXX") # not in $scratch, which tests list
n_checks=0
n_failed=0
cleanups=()

at_exit()
{
    cleanups=("$*" "${cleanups[@]}")
}

clean_up()
{
    local command
    for command in "${cleanups[@]}"; do
        eval "$command"
    done
    rm -rf "$scratch" "$last_stderr"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

xsmall()
{
    "$build/xsmall" "$@"
}

die()
{
    printf 'FAILED: %s\n' "$*"
    exit 1
}

# must WHAT COMMAND...: runs a step that the rest of the test depends on; ends the test if it fails.
must()
{
    local what=$1
    shift
    "$@" || die "$what: exit $? of: $*"
}

# strictly FUNCTION...: runs in a subshell that ends at the first failure; sets $strict_status. Do not
# call it in a condition, where the shell would continue after failures.
strictly()
{
    (
        set -e
        "$@"
    )
    strict_status=$?
}

# check WHAT COMMAND...: the command must succeed.
check()
{
    local what=$1
    shift
    n_checks=$((n_checks + 1))
    if ! "$@"; then
        n_failed=$((n_failed + 1))
        printf 'FAILED: %s: %s\n' "$what" "$*"
    fi
}

# same WHAT EXPECTED GOT: two files must be equal, byte for byte.
same()
{
    n_checks=$((n_checks + 1))
    cmp -s "$2" "$3" && return
    n_failed=$((n_failed + 1))
    printf 'FAILED: %s: expected (-) and got (+) differ\n' "$1"
    diff -a -u "$2" "$3" | head -n 40 | cat -v
}

# equal WHAT EXPECTED GOT: two strings must be equal.
equal()
{
    n_checks=$((n_checks + 1))
    [ "$2" = "$3" ] && return
    n_failed=$((n_failed + 1))
    printf 'FAILED: %s: expected [%s], got [%s]\n' "$1" "$2" "$3" | cat -v
}

# answers WHAT CODE COMMAND...: the command must exit with this code; with code 2, its message must name
# an object.
answers()
{
    local what=$1 code=$2 got=0
    shift 2
    "$@" 2>"$last_stderr" || got=$?
    [ ! -s "$last_stderr" ] || printf '%s\n' "$(<"$last_stderr")" >&2 # no cat: PATH may be any
    equal "$what: exit code" "$code" "$got"
    [ "$code" != 2 ] || message_has_object "$what" "$last_stderr"
}

# message_has_object WHAT FILE: the last line of FILE, the standard error of a failed command, must be
# "xsmall: OBJECT: what is wrong". OBJECT may contain a colon without a space after it (docker:app).
message_has_object()
{
    local lines message
    mapfile -t lines <"$2"
    message=${lines[-1]-}
    n_checks=$((n_checks + 1))
    [[ $message =~ ^xsmall:\ ([^:]|:[^ ])+:\ [^\ ] ]] && return
    n_failed=$((n_failed + 1))
    printf 'FAILED: %s: the message is not "xsmall: OBJECT: what is wrong": %s\n' "$1" "$message" | cat -v
}

# need_kernel: skips the test if the kernel does not permit tracing, or changing root and owners.
need_kernel()
{
    [ "$(id -u)" = 0 ] && chroot / true || skip "not root, or chroot is not allowed"
    need_strace
}

finish()
{
    printf '%d checks, %d failed\n' "$n_checks" "$n_failed"
    [ "$n_checks" -gt 0 ] && [ "$n_failed" = 0 ]
    exit
}
