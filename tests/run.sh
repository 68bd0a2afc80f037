#!/bin/sh
# SPDX-License-Identifier: MIT
# All tests: sh tests/run.sh [--all]
#
# Installs the packages for building and testing (Debian 12, root or sudo), builds the preset dev
# (sanitizers, warnings are errors) and runs ctest. Lists skipped tests with their reasons. The last
# line is ctest's summary; the status is 0 if no test failed and no test was skipped because of a
# missing tool. --all also runs the long tests, e2e/all_*.sh, and the measurements, bench/*.sh.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/share/sample/packages.sh"

TEST_PACKAGES="libcmocka-dev attr groff-base man-db mandoc bsdutils rsync libcap2-bin musl-tools strace bubblewrap uidmap tmux buildah umoci skopeo zstd xz-utils bzip2 xxhash sqlite3 ncurses-bin perl-base libxml2-utils clang-format clang-tidy codespell"
BENCH_PACKAGES="clang cppcheck libclang-rt-14-dev valgrind binutils time bubblewrap mmdebstrap isal podman runc python3 docker.io docker-registry"

all=no
case "$#:${1-}" in
0:) ;;
1:--all) all=yes ;;
*)
    echo "usage: sh tests/run.sh [--all]" >&2
    exit 2
    ;;
esac
cd "$top"
install_packages $BUILD_PACKAGES $TEST_PACKAGES
if [ $all = yes ]; then
    install_packages $BENCH_PACKAGES
fi
PATH=$PATH:/usr/sbin:/sbin
LC_ALL=C.UTF-8
ASAN_OPTIONS=detect_leaks=1:${ASAN_OPTIONS-}
UBSAN_OPTIONS=print_stacktrace=1:${UBSAN_OPTIONS-}
export PATH LC_ALL ASAN_OPTIONS UBSAN_OPTIONS

is_mount()
{
    grep -q "^[^ ]* [^ ]* [^ ]* [^ ]* $1 " /proc/self/mountinfo
}

# on_root COMMAND...: runs the command where "/" is a mount point. In a chroot it is not, and builders
# that create a mount namespace fail there; such a command gets / bound to /mnt as its root.
on_root()
{
    if is_mount / || is_mount /mnt || [ "$(id -u)" != 0 ]; then
        "$@"
        return
    fi
    code=0
    unshare --mount --propagation unchanged sh -c \
        'mount --rbind / /mnt && exec chroot /mnt sh -c "cd \"\$0\" && exec \"\$@\"" "$@"' \
        sh "$top" "$@" || code=$?
    if is_mount /mnt; then # "/" is shared: the mount came out here too
        umount -l /mnt
    fi
    return "$code"
}

cmake --preset dev
cmake --build --preset dev

log=build/dev/ctest.log
{
    status=0
    on_root ctest --test-dir build/dev --output-on-failure -j "$(nproc)" 2>&1 || status=$?
    echo "$status" >"$log.status"
} | tee "$log"
status=$(cat "$log.status")

# run_all SCRIPT...: runs the long tests one after the other, on a release build.
run_all()
{
    cmake --preset release
    cmake --build --preset release --target xsmall screen_driver
    for script in "$@"; do
        [ -e "$script" ] || continue
        echo "== $script"
        on_root bash "$script" "$top/build/release" || { status=1 && echo "FAILED: $script"; }
    done
}
if [ $all = yes ]; then
    run_all tests/e2e/all_*.sh tests/bench/*.sh
fi
# Skipped tests with their reasons. A missing tool that this script installs is not a valid reason.
awk '/^[0-9]+\/[0-9]+ Testing: / { name = $3 }
    /^skipped: / { n++; list = list "  " name ": " substr($0, 10) "\n" }
    END { if (n) printf "%d skipped:\n%s", n, list }' build/dev/Testing/Temporary/LastTest.log | tee "$log.skipped"
if grep -q ': missing tool: ' "$log.skipped"; then
    echo "a tool is missing that this script installs"
    status=1
fi
# CTest prints more after its summary: print the summary again as the last line.
grep 'tests passed, ' "$log" || echo "no test was run"
exit "$status"
