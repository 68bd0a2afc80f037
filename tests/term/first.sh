# The first minute: xsmall alone lists the files of this directory, an image with logs and base, or one of
# several sessions; in an empty directory it prints how to begin. The engines are stand-ins.
. "$(dirname "$0")/lib_term.sh"
mkdir -p "$work/here/bin" "$work/empty" "$work/bin"
cd "$work/here"
mkdir -p a/usr a/etc a/bin b/usr b/etc b/bin
echo one > a/etc/one
cp a/etc/one b/etc/one
echo two > b/bin/two
tar -C a -cf base.tar .
tar -C b -cf image.tar .
rm -r a b bin
cp "$work/tr/log.1" log.1
cp "$work/tr/log.2" log.2
echo notes > README
cat > "$work/bin/docker" <<'E'
#!/bin/sh
[ "$1 $2" = "images --format" ] && printf 'shop/app:1\n<none>:<none>\nesc\033[31m:2\n'
E
printf '#!/bin/sh\nexec sleep infinity\n' > "$work/bin/podman" # it does not answer
# The engines have a second to reply; on a busy machine docker's stand-in may need longer.
printf '#!/bin/sh\n[ "$2" = podman ] && exec %s "$@"\nshift\nexec "$@"\n' "$(command -v timeout)" \
    > "$work/bin/timeout"
chmod +x "$work/bin/docker" "$work/bin/podman" "$work/bin/timeout"
export PATH=$work/bin:$PATH

keep_server
start() { tm -f /dev/null new-session -d -s t -x 80 -y 24 "cd $1 && $build/xsmall; echo left \$?; sleep infinity"; }
start "$work/here"
see 'which session or image?'
see '1  base.tar  image'
see '2  image.tar  image'
see '3  docker:esc\x1b[31m:2'
see '4  docker:shop/app:1  engine image'
keys 2 Enter
see 'load the strace logs in this directory?'
see '1  2 logs'
keys Enter
see 'which base image?'
see '1  no base image'
keys 2 Enter
see '2 logs, 7 lines'
see 'image ⊖ base'
keys q
see 'left 0'
tm kill-session -t t
set -- *.xsmall
[ $# = 1 ]
[ "$("$build/xsmall" sql "SELECT path FROM v_file WHERE in_base = 'absent' AND kind = 'file'")" = /bin/two ]

# a single session is opened; of two, one is chosen; leaving makes no file
start "$work/here"
see '2 logs, 7 lines'
keys q
see 'left 0'
tm kill-session -t t
cp "$1" other.xsmall
start "$work/here"
see 'which session or image?'
see "other.xsmall  session"
keys / o t h e r Enter Enter
see '2 logs, 7 lines'
keys q
see 'left 0'
tm kill-session -t t
rm -f ./*.xsmall*
start "$work/here"
see 'which session or image?'
keys q
see 'left 0'
tm kill-session -t t
[ -z "$(find . -name '*.xsmall*')" ]

printf '#!/bin/sh\nexit 1\n' > "$work/bin/docker"
start "$work/empty"
see 'no session (*.xsmall) and no image'
see 'left 2'
