# SPDX-License-Identifier: MIT
# Sourced by share/try.sh and tests/run.sh: what a build needs, and how packages get installed.

# A compiler, CMake, and the libraries that CMakeLists.txt asks for.
BUILD_PACKAGES="gcc libc6-dev cmake ninja-build pkg-config libncurses-dev libsqlite3-dev
    libarchive-dev libpcre2-dev libroaring-dev libzstd-dev libisal-dev libxxhash-dev libelf-dev
    libssl-dev zlib1g-dev"

# missing_packages NAME...: prints those that are not installed.
missing_packages()
{
    for package in "$@"; do
        case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
        *' installed') ;;
        *) printf '%s\n' "$package" ;;
        esac
    done
}

# as_root COMMAND...: directly or by sudo.
as_root()
{
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "not root, and no sudo: cannot run: $*" >&2
        return 1
    fi
}

# install_packages NAME...: asks apt only if one is missing. Everything apt says goes to stderr.
install_packages()
{
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "no apt-get here; what stands for these packages is needed:" $missing >&2
        return 1
    fi
    echo "installing:" $missing >&2
    apt_get -s -qq install $missing >/dev/null 2>&1 || apt_get -q update # no lists, or old ones
    apt_get -q -y install $missing || { apt_get -q update && apt_get -q -y install $missing; }
}

# apt_get ARGUMENT...: asks nothing, recommends nothing, prints on stderr.
apt_get()
{
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Use-Pty=0 \
        --no-install-recommends "$@" >&2
}
