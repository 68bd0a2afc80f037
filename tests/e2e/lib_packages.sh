# SPDX-License-Identifier: MIT
# Sourced after lib_check.sh: compares owners that dpkg-query prints for a real tree with xsmall's.

# dpkg_of TREE COMMAND...: runs this machine's dpkg-query on the tree's database.
dpkg_of()
{
    local tree=$1
    shift
    dpkg-query --admindir="$tree/var/lib/dpkg" "$@"
}

# owners_by_dpkg TREE: prints "PATH TAB PACKAGE" for each path of the tree except directories that
# dpkg-query -S names, one line for each package. Diversions as dpkg-query prints them. A path through
# /bin and similar links is printed as the path to which the link leads.
owners_by_dpkg()
{
    local tree=$1
    find "$tree" -mindepth 1 ! -type d -printf '/%P\n' | LC_ALL=C sort >there
    dpkg_of "$tree" -S '*' | awk -v OFS='\t' '
        / diversion from: |^diversion by .* from: / {
            by = $1 == "local" ? ":" : $3
            from = substr($0, index($0, "from: ") + 6)
            next
        }
        /^local diversion to: |^diversion by .* to: / {
            moved[from] = substr($0, index($0, "to: ") + 4)
            mover[from] = by
            next
        }
        { line[++n] = $0 }
        END {
            for (i = 1; i <= n; i++) {
                at = index(line[i], ": ")
                path = substr(line[i], at + 2)
                n_names = split(substr(line[i], 1, at - 1), names, ", ")
                for (k = 1; k <= n_names; k++) {
                    name = names[k]
                    sub(/:[a-z0-9-]*$/, "", name)
                    print (path in moved && name != mover[path]) ? moved[path] : path, name
                }
            }
        }' | sed -E "$(
        for link in bin sbin lib lib32 lib64 libx32; do
            [ -L "$tree/$link" ] && printf 's,^/%s/,/usr/%s/,;' $link $link
        done
    )" | LC_ALL=C sort -u | LC_ALL=C join -t $'\t' - there
}

# owners_in SESSION MANAGER: prints the same from the session.
owners_in()
{
    xsmall -s "$1" sql "SELECT p.path || char(9) || k.name FROM merged m
        JOIN v_path p ON p.id = m.path JOIN image i ON i.id = m.image AND i.role = 'subject' AND i.complete
        JOIN package k ON k.image = m.image AND k.number = m.package AND k.manager = '$2'
        JOIN v_file f ON f.path = p.path AND f.kind <> 'dir'" | LC_ALL=C sort
}

# packages_are_dpkgs TREE SESSION: owners, packages and the bytes of each package are equal.
packages_are_dpkgs()
{
    local tree=$1
    owners_by_dpkg "$tree" >owners
    owners_in "$2" dpkg >owners.got
    check "there are owners" test -s owners
    LC_ALL=C comm -13 owners owners.got >wrong
    equal "an owner that dpkg does not name" "" "$(head -n 5 wrong)"
    cut -f1 owners | uniq >owned
    cut -f1 owners.got >owned.got
    same "each path that dpkg names has an owner" owned owned.got

    dpkg_of "$tree" -W -f '${Package} ${Version} ${Architecture} ${db:Status-Status}\n' |
        sed '/ not-installed$/d; s/ [^ ]*$//' | LC_ALL=C sort >packages
    xsmall -s "$2" sql "SELECT name || ' ' || version || ' ' || arch FROM v_package
        WHERE manager = 'dpkg'" | LC_ALL=C sort >packages.got
    same "packages" packages packages.got

    # Counts as du does: the files to which a package's names lead, each inode once.
    find "$tree" -mindepth 1 ! -type d -printf '/%P\t%i\t%y\t%s\n' | LC_ALL=C sort |
        LC_ALL=C join -t $'\t' owners.got - |
        awk -F'\t' '{ n[$2]++ } $4 == "f" && !(($2, $3) in seen) { seen[$2, $3] = 1; s[$2] += $5 }
            END { for (name in n) print name, n[name], s[name] + 0 }' | LC_ALL=C sort >sums
    xsmall -s "$2" sql "SELECT name || ' ' || files || ' ' || bytes FROM v_package
        WHERE manager = 'dpkg' AND files > 0" | LC_ALL=C sort >sums.got
    same "files and bytes" sums sums.got
}

# report_is_view SESSION: report --json has the rows of v_package, which any sqlite3 can read.
report_is_view()
{
    must "report" xsmall -s "$1" report --json >report.json
    sqlite3 -readonly "$1" 'SELECT manager, name, version, arch, files, bytes, used_files, used_bytes,
        kept_files, kept_bytes FROM v_package' | LC_ALL=C sort >view
    sqlite3 :memory: "SELECT value ->> 'manager', value ->> 'name', value ->> 'version',
        value ->> 'arch', value ->> 'files', value ->> 'bytes', value ->> 'used_files',
        value ->> 'used_bytes', value ->> 'kept_files', value ->> 'kept_bytes'
        FROM json_each(readfile('report.json'), '\$.packages.all')" | LC_ALL=C sort >report.got
    same "report and view" view report.got
}
