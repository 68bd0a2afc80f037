# SPDX-License-Identifier: MIT
# Sourced: makes the binary seeds, which are not stored in the repository.

# make_binary_seeds XSMALL DIRECTORY: makes DIRECTORY/image_elf, libraries and programs;
# DIRECTORY/session_open, a session for both kinds of opening.
make_binary_seeds()
{
    local made
    made=$(mktemp -d)
    mkdir -p "$2/image_elf" "$2/session_open" "$made/root/bin" "$made/root/etc"
    echo 'int f(void){return 1;}' >"$made/f.c"
    cc -shared -nostdlib -s -Wl,-rpath,/x,-soname,f.so -o "$2/image_elf/library" "$made/f.c"
    cc -nostartfiles -s -Wl,-e,f,-rpath,'$ORIGIN/x' -o "$2/image_elf/program" "$made/f.c"
    cp "$2/image_elf/library" "$made/root/bin/f"
    ln -s ../bin/f "$made/root/etc/f"
    printf 'openat(AT_FDCWD, "/etc/f", O_RDONLY) = 3\n+++ exited with 0 +++\n' >"$made/log.1"
    "$1" load -q -s "$made/s.xsmall" "$made/root" "$made/log.1"
    "$1" chain -s "$made/s.xsmall" "grep -v '= -1' | grep etc"
    "$1" keep -s "$made/s.xsmall" -m note /etc/f >/dev/null
    { printf 0; cat "$made/s.xsmall"; } >"$2/session_open/read"
    { printf 1; cat "$made/s.xsmall"; } >"$2/session_open/write"
    rm -r "$made"
}
