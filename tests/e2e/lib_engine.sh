# SPDX-License-Identifier: MIT
# Sourced after lib_check.sh: a separate engine for the test, Debian's docker.io, with its own socket and
# data, without a network. It is stopped by its pid.
#
#   if engine_open; then docker load -i full.tar; … fi
#   engine_build buildkit CONTEXT localhost/small; at_image localhost/small COMMAND...

# The client of the daemon's package: a newer client earlier in PATH has no BuildKit included.
PATH=/usr/bin:$PATH:/usr/sbin

is_up()
{
    docker info >/dev/null 2>&1
}

stop()
{
    kill "$1" 2>/dev/null && wait "$1" 2>/dev/null
    true
}

# Fails if the daemon does not start.
engine_open()
{
    local engine=$scratch/engine
    mkdir "$engine"
    dockerd --storage-driver=overlay2 --iptables=false --ip6tables=false --ip-forward=false \
        --bridge=none --data-root "$engine/data" --exec-root "$engine/exec" \
        --pidfile "$engine/pid" -H "unix://$engine/socket" >"$scratch/engine.log" 2>&1 &
    at_exit "engine_close $!"
    export DOCKER_HOST=unix://$engine/socket
    wait_until is_up && return
    echo "docker's daemon does not start here:"
    tail -n 3 "$scratch/engine.log"
    return 1
}

engine_close()
{
    local point
    stop "$1"
    # /proc/mounts writes a space as \040; names from mktemp contain no space.
    cut -d' ' -f2 /proc/mounts | grep -F "$scratch/engine/" | tac | while read -r point; do
        umount "$point"
    done
}

# engine_build buildkit|docker-classic CONTEXT NAME: builds; prints the output only if it fails.
engine_build()
{
    local buildkit=0
    [ "$1" = docker-classic ] || buildkit=1
    DOCKER_BUILDKIT=$buildkit timeout "$hang_s" docker build --pull=false --network=none \
        -t "$3" "$2" >"$scratch/build.log" 2>&1 && return
    tail -n 30 "$scratch/build.log"
    return 1
}

# at_image NAME COMMAND...: runs the command in the image's root directory, which is read-only.
at_image()
{
    local layers status=0
    layers=$(docker image inspect -f '{{with .GraphDriver.Data}}{{.UpperDir}}{{with .LowerDir}}:{{.}}{{end}}{{end}}' "$1") &&
        mkdir -p "$scratch/at" "$scratch/at.empty" &&
        mount -t overlay overlay -o "ro,lowerdir=$layers:$scratch/at.empty" "$scratch/at" || return 1
    shift
    (cd "$scratch/at" && "$@") || status=$?
    umount "$scratch/at"
    return "$status"
}
