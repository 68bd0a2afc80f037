# SPDX-License-Identifier: MIT
# Sourced after lib_check.sh: a separate container storage for the test, with buildah, offline.
#
#   storage_open; storage_add full.tar localhost/full:latest
#   build_image CONTEXT localhost/small:latest; run_image localhost/small:latest 1000 COMMAND...

# Uses overlay if the kernel allows it, else vfs. Unmounts buildah's mounts at exit.
storage_open()
{
    storage=$scratch/storage
    storage_driver=overlay
    mkdir -p "$storage" "$scratch/overlay"/{lower,upper,work,merged}
    if mount -t overlay overlay -o "lowerdir=$scratch/overlay/lower,upperdir=$scratch/overlay/upper,workdir=$scratch/overlay/work" \
        "$scratch/overlay/merged" 2>/dev/null; then
        umount "$scratch/overlay/merged"
    else
        storage_driver=vfs
    fi
    at_exit storage_close
}

storage_close()
{
    local point
    # /proc/mounts writes a space as \040; names from mktemp contain no space.
    cut -d' ' -f2 /proc/mounts | grep -F "$storage/" | tac | while read -r point; do
        umount "$point"
    done
}

on_storage()
{
    buildah --root "$storage/root" --runroot "$storage/run" --storage-driver "$storage_driver" "$@"
}

storage_name()
{
    printf 'containers-storage:[%s@%s+%s]%s' "$storage_driver" "$storage/root" "$storage/run" "$1"
}

# storage_add ARCHIVE NAME: loads an archive into the storage.
storage_add()
{
    skopeo copy -q "docker-archive:$1" "$(storage_name "$2")"
}

# build_image CONTEXT NAME: builds; prints buildah's output only if it fails.
build_image()
{
    on_storage bud --pull-never --isolation chroot --format docker --identity-label=false \
        -t "$2" "$1" >"$scratch/build.log" 2>&1 && return
    tail -n 30 "$scratch/build.log"
    return 1
}

# with_mounted NAME COMMAND...: runs the command in the image's root directory.
with_mounted()
{
    local container point status=0
    container=$(on_storage from --pull-never "$1") && point=$(on_storage mount "$container") ||
        return 1
    shift
    (cd "$point" && "$@") || status=$?
    on_storage umount "$container" >/dev/null
    on_storage rm "$container" >/dev/null
    return "$status"
}

# run_image NAME UID COMMAND...: runs in a chroot, as engines do: this user, the image's PATH.
run_image()
{
    local name=$1 user=$2
    shift 2
    with_mounted "$name" env -i PATH=/usr/sbin:/usr/bin:/bin chroot --userspec="$user:$user" . "$@"
}

# image_config NAME: prints the config that a container gets, one value per line, sorted; without the
# builder's own values (Hostname, Image) and without empty values.
image_config()
{
    skopeo inspect --config --raw "$(storage_name "$1")" >"$scratch/config.json" || return 1
    sqlite3 :memory: "SELECT fullkey || ' = ' || quote(atom)
        FROM json_tree(readfile('$scratch/config.json'), '\$.config')
        WHERE key NOT IN ('Hostname', 'Image')
          AND (atom NOT IN ('', 0) OR value = '{}' AND path <> '\$.config') ORDER BY 1"
}
