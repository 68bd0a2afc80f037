# SPDX-License-Identifier: MIT
# Sourced after lib_check.sh: xsmall run as root and as other users.
#
#   need_sandbox        skips where no sandbox can be made; makes $place, which every user can enter
#   for user in $users  root; range: a user with ids in /etc/subuid; single: a user without
#   as_user USER COMMAND...

users="root range single"

need_sandbox()
{
    need_tool bwrap newuidmap setpriv unshare
    need_strace
    [ "$(id -u)" = 0 ] || skip "not root: other users cannot be tried"
    # user_namespaces(7): not in a chroot. Containers may forbid them, or to mount /proc.
    bwrap --unshare-user --unshare-pid --ro-bind / / --proc /proc true 2>/dev/null ||
        skip "bubblewrap cannot make a sandbox here, as in a chroot"
    place=$(mktemp -d /var/tmp/xsmall-e2e-XXXXXX)
    at_exit "rm -rf '$place'"
    chmod 755 "$place"
    cp "$build/xsmall" "$place/"
    mkdir -p "$place/root" "$place/range" "$place/single" "$place/tmp"
    chmod 1777 "$place/tmp"
    chown 61001:61001 "$place/range"
    chown 61002:61002 "$place/single"
    { cat /etc/passwd && printf '%s\n' range:x:61001:61001::/:/bin/sh single:x:61002:61002::/:/bin/sh; } >"$place/passwd"
    echo "range:1900000000:65536" >"$place/subuid"
    chmod 644 "$place/passwd" "$place/subuid"
}

# as_user USER COMMAND...: in the user's own directory of $place; the users exist for this command
# only. Directories of runs are in $place/tmp.
as_user()
{
    local user=$1 id=0
    shift
    case $user in
    range) id=61001 ;;
    single) id=61002 ;;
    esac
    unshare --mount --propagation private sh -c '
        place=$0 user=$1 id=$2
        shift 2
        mount --bind "$place/passwd" /etc/passwd && mount --bind "$place/subuid" /etc/subuid &&
            mount --bind "$place/subuid" /etc/subgid && cd "$place/$user" || exit 99
        export TMPDIR="$place/tmp" HOME="$place/$user" ASAN_OPTIONS="'"${ASAN_OPTIONS-}"'"
        [ "$id" != 0 ] || exec "$@"
        exec setpriv --reuid "$id" --regid "$id" --clear-groups -- "$@"' \
        "$place" "$user" "$id" "$@"
}

