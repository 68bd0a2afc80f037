# SPDX-License-Identifier: MIT
# Sourced by share/try.sh and tests/run.sh: the build packages, and functions that install packages.

# A compiler, CMake, and the libraries that CMakeLists.txt requires.
BUILD_PACKAGES="gcc libc6-dev cmake ninja-build pkg-config libncurses-dev libsqlite3-dev
    libarchive-dev libpcre2-dev libroaring-dev libzstd-dev libisal-dev libxxhash-dev libelf-dev
    libssl-dev libseccomp-dev zlib1g-dev"

# missing_packages NAME...: prints the packages that are not installed.
missing_packages()
{
    for package in "$@"; do
        case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
        *' installed') ;;
        *) printf '%s\n' "$package" ;;
        esac
    done
}

# as_root COMMAND...: runs a command as root, directly or with sudo.
as_root()
{
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "$1: needs root or sudo: $*" >&2
        return 1
    fi
}

# install_packages NAME...: runs apt-get only if a package is missing. The output of apt-get goes to
# stderr.
install_packages()
{
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "apt-get: not found; install the equivalents of these packages:" $missing >&2
        return 1
    fi
    echo "installing:" $missing >&2
    apt_get -s -qq install $missing >/dev/null 2>&1 || apt_get -q update # the package lists are missing or old
    apt_get -q -y install $missing || { apt_get -q update && apt_get -q -y install $missing; }
}

# apt_get ARGUMENT...: runs apt-get without questions and without recommended packages; prints to stderr.
apt_get()
{
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Use-Pty=0 \
        --no-install-recommends "$@" >&2
}
