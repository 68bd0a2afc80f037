#!/bin/bash
# SPDX-License-Identifier: MIT
# Packages and their files in a tree that this machine's dpkg made, with /bin as a link, a diversion
# and files of a removed package: compared with dpkg-query on the same tree. Also a wheel's RECORD.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_packages.sh"
need_kernel
need_tool dpkg-divert
cd "$scratch" || exit 1

# deb NAME ARCH VERSION [FILE...]: makes a package of these files, each with different content.
deb()
{
    local name=$1 arch=$2 version=$3 file
    shift 3
    mkdir -p "deb/$name/DEBIAN"
    printf '%s: %s\n' Package "$name" Version "$version" Architecture "$arch" \
        Maintainer 'A <a@b.c>' Description d >"deb/$name/DEBIAN/control"
    if [ "$arch" != all ]; then
        echo 'Multi-Arch: same' >>"deb/$name/DEBIAN/control"
    fi
    for file in "$@"; do
        mkdir -p "deb/$name/$(dirname "$file")"
        echo "$name $file" >"deb/$name/$file"
        case $file in
        etc/*) echo "/$file" >>"deb/$name/DEBIAN/conffiles" ;;
        esac
    done
}
native=$(dpkg --print-architecture)

make_tree()
{
    mkdir -p tree/usr/{bin,lib} tree/var/lib/dpkg/{info,updates}
    ln -s usr/bin tree/bin
    ln -s usr/lib tree/lib
    touch tree/var/lib/dpkg/{status,available}
    deb tool all 1.0-1 bin/tool usr/bin/tool-too etc/tool.conf 'usr/share/doc/tool/a b' usr/bin/which
    deb liba "$native" 2:3+b1 lib/liba.so.1 usr/share/doc/liba/copyright
    deb left all 9 usr/bin/left etc/left.conf
    deb other all 1 usr/bin/other
    deb far all 5~rc1 usr/bin/which
    deb python3-thing all 1 usr/lib/python3/dist-packages/thing.py
    ln deb/tool/bin/tool deb/tool/usr/bin/tool-three
    ln -s tool deb/tool/bin/tool-link
    local name
    for name in tool liba left other far python3-thing; do
        dpkg-deb --root-owner-group -b "deb/$name" "$name.deb"
    done
    dpkg-divert --root "$PWD/tree" --package far --divert /usr/bin/which.tool --rename --add /usr/bin/which
    dpkg-divert --root "$PWD/tree" --local --divert /usr/bin/other.real --rename --add /usr/bin/other
    dpkg --root="$PWD/tree" --force-not-root --force-bad-path -i tool.deb liba.deb left.deb other.deb far.deb \
        python3-thing.deb
    dpkg --root="$PWD/tree" --force-bad-path -r left
    mkdir -p tree/opt/lib/site-packages/{wheel-1.2.dist-info,wheel} tree/opt/bin
    echo nobody >tree/usr/bin/nobodys
    echo 1 >tree/opt/lib/site-packages/wheel/__init__.py
    echo 2 >tree/opt/bin/wheel-tool
    printf 'Metadata-Version: 2.1\nName: Wheel\nVersion: 1.2\n\nText\n' \
        >tree/opt/lib/site-packages/wheel-1.2.dist-info/METADATA
    printf '%s,,\n' ../../bin/wheel-tool wheel/__init__.py wheel-1.2.dist-info/METADATA \
        wheel-1.2.dist-info/RECORD ../../../usr/bin/tool \
        >tree/opt/lib/site-packages/wheel-1.2.dist-info/RECORD
    cat >log.1 <<'L'
openat(AT_FDCWD, "/bin/tool", O_RDONLY|O_CLOEXEC) = 3
openat(AT_FDCWD, "/opt/bin/wheel-tool", O_RDONLY|O_CLOEXEC) = 3
L
}

strictly make_tree >make.log 2>&1
[ "$strict_status" = 0 ] || { cat make.log; die "making the tree"; }
must "load" xsmall -q -s s.xsmall load tree log.1
packages_are_dpkgs tree s.xsmall
check "the diverted file has its owner" grep -qx $'/usr/bin/which.tool\ttool' owners
check "the leftover file has its owner" grep -qx $'/etc/left.conf\tleft' owners
equal "the wheel's" "$(printf '/opt/%s\tWheel\n' bin/wheel-tool lib/site-packages/wheel-1.2.dist-info/METADATA \
    lib/site-packages/wheel-1.2.dist-info/RECORD lib/site-packages/wheel/__init__.py)" "$(owners_in s.xsmall python)"

# Used: tool. Kept: tool and tool-three, one inode, and the link /bin, which belongs to tool too.
bytes=$(stat -c %s tree/usr/bin/tool)
equal "used and kept" "1|$bytes|3|$bytes" "$(xsmall -s s.xsmall sql "SELECT used_files || '|' || used_bytes || '|' ||
    kept_files || '|' || kept_bytes FROM v_package WHERE name = 'tool'")"
equal "of the wheel" "1|2" "$(xsmall -s s.xsmall sql "SELECT used_files || '|' || kept_bytes FROM v_package
    WHERE name = 'Wheel'")"
report_is_view s.xsmall
xsmall -s s.xsmall report >report.txt
check "text: the number" grep -q "^packages: $(($(wc -l <packages) + 1)), with " report.txt
check "text: one" grep -qE "^ +[0-9]+ +$bytes +$bytes  tool 1.0-1 \(dpkg\)$" report.txt

# The same tree as a tar.
must "tar" tar -C tree -cf tree.tar .
must "load the tar" xsmall -q -s t.xsmall load tree.tar
owners_in t.xsmall dpkg >tar.got
same "a tar" owners.got tar.got

# A file one byte above the size limit, and a list whose paths go through forty links many times.
mkdir -p odd/var/lib/dpkg/info odd/{d,etc,usr,bin}
must "too long" truncate -s $((32 * 1024 * 1024 + 1)) odd/var/lib/dpkg/diversions
printf 'Package: p\nStatus: install ok installed\n' >odd/var/lib/dpkg/status
for i in $(seq 39); do
    ln -s "l$((i + 1))/.." "odd/d/l$i"
done
ln -s . odd/d/l40
yes $'/d/l1/x\n/d/l2/x' | head -n 40000 >odd/var/lib/dpkg/info/p.list
must "load the odd one" timeout "$hang_s" "$build/xsmall" -q -s odd.xsmall load odd
equal "problems" "var/lib/dpkg/diversions too long a list of packages: not read
var/lib/dpkg/info/p.list too many symlinks in its paths; the remaining paths have no owner" "$(xsmall -s odd.xsmall sql "SELECT where_ || ' ' || what FROM v_problem ORDER BY 1")"
finish
