#!/bin/bash
# SPDX-License-Identifier: MIT
# Files with special rights, as xsmall report lists them, compared with find and getcap on the same tree:
# as a directory, as a tar, and as a layer.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_numbers.sh"
need_kernel
for tool in setcap getcap umoci skopeo; do
    command -v $tool >/dev/null || die "$tool is missing"
done
cd "$scratch" || exit 1

make_tree()
{
    mkdir -p tree/{bin,etc,usr/bin,usr/lib,tmp,var/mail,dev,open,odd}
    for name in su sg both plain raw mixed all few none high rooted open-file; do
        echo "$name" >tree/usr/bin/$name
        chmod 755 tree/usr/bin/$name
    done
    chmod 4755 tree/usr/bin/su
    chmod 2711 tree/usr/bin/sg
    chmod 6777 tree/usr/bin/both
    chmod 0702 tree/usr/bin/open-file
    ln tree/usr/bin/su tree/usr/bin/su-too
    ln -s su tree/usr/bin/su-link
    chmod 2775 tree/var/mail
    chmod 1777 tree/tmp
    chmod 0777 tree/open
    echo x >"tree/odd/with space"
    chmod 4755 "tree/odd/with space"
    mknod tree/dev/null c 1 3
    mknod tree/dev/disk b 259 70000
    chmod 666 tree/dev/null
    mkfifo tree/odd/fifo
    chmod 622 tree/odd/fifo
    setcap cap_net_raw=ep tree/usr/bin/raw
    setcap 'cap_chown=ip cap_fowner=p cap_kill=i' tree/usr/bin/mixed
    setcap 'all=ep' tree/usr/bin/all
    setcap 'all=eip cap_chown-i cap_kill-p' tree/usr/bin/few
    setcap '=' tree/usr/bin/none
    setcap 'cap_bpf,cap_checkpoint_restore=ep' tree/usr/bin/high
    setcap -n 1000 cap_kill=ep tree/usr/bin/rooted
}

strictly make_tree
[ "$strict_status" = 0 ] || die "making the tree"
rights_of tree >truth
for kind in setuid world_writable devices capabilities; do
    check "there are $kind" grep -q "^$kind" truth
done

must "load the directory" xsmall -q -s dir.xsmall load tree
rights_in dir.xsmall >dir.got
same "a directory" truth dir.got

tar -C tree --xattrs --xattrs-include='security.*' --numeric-owner -cf tree.tar .
must "load the tar" xsmall -q -s tar.xsmall load tree.tar
rights_in tar.xsmall >tar.got
same "a tar" truth tar.got

{
    must "a layout" umoci init --layout oci
    must "an image" umoci new --image oci:one
    must "a layer" umoci insert --image oci:one tree /
} >/dev/null 2>&1
must "load the layer" xsmall -q -s oci.xsmall load oci
rights_in oci.xsmall >oci.got
same "a layer" truth oci.got

# The text: the counts and the label of each kind.
xsmall -s oci.xsmall report >report.txt
for kind in 'setuid:setuid and setgid files' 'capabilities:files with capabilities' \
    'world_writable:paths that every user can write' 'devices:devices'; do
    check "text: ${kind#*:}" grep -qx "  ${kind#*:}: $(grep -c "^${kind%%:*}" truth)" report.txt
done
check "text: capabilities" grep -q ' /usr/bin/raw cap_net_raw=ep$' report.txt
check "text: device" grep -q ' /dev/null 1:3$' report.txt
finish
