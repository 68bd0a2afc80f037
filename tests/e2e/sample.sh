#!/bin/bash
# SPDX-License-Identifier: MIT
# The sample that share/try.sh opens: other tools accept its image, its Dockerfile builds, the slim
# image does what the program did under strace; and where tracing is forbidden, the sample's own logs
# are used.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_build.sh"

need_kernel
make=$here/../../share/sample/make.sh
must "make the sample" sh "$make" "$scratch/sample" >"$scratch/make.log" 2>&1
cd "$scratch/sample" || exit 1
check "it was traced here" test "$(cat "$scratch/make.log")" = ""
must "load" xsmall -q -s shelf.xsmall load --base base.tar shelf.tar run.*
must "chain" xsmall -s shelf.xsmall chain "grep -v '= -1' run.*"
equal "layers" 4 "$(xsmall -s shelf.xsmall sql 'SELECT count(*) FROM v_layer')"
equal "deleted in the last layer" 0 \
    "$(xsmall -s shelf.xsmall sql "SELECT count(*) FROM v_file WHERE path LIKE '/app/build%'")"
equal "the unused plugin and its library" "" "$(xsmall -s shelf.xsmall files | grep -E 'backup|archive')"

storage_open
must "storage" storage_add shelf.tar localhost/shelf:1
must "storage" storage_add base.tar localhost/shelf-base:1
image_config localhost/shelf:1 >subject.config
for form in stage copy; do
    answers "export $form" 0 xsmall -s shelf.xsmall export --form "$form" -o "$form"
    must "build $form" build_image "$form" "localhost/small-$form:1"
    run_image "localhost/small-$form:1" 1000 env LANG=C.UTF-8 TERM=xterm /app/start.sh >"$form.output" 2>&1
    same "$form: output of the program" output "$form.output"
    image_config "localhost/small-$form:1" >"$form.config"
    same "$form: config" subject.config "$form.config"
done

# A machine where strace cannot run.
mkdir "$scratch/bin"
printf '#!/bin/sh\nexit 1\n' >"$scratch/bin/strace"
chmod +x "$scratch/bin/strace"
must "make the sample without strace" env PATH="$scratch/bin:$PATH" sh "$make" "$scratch/untraced" 2>"$scratch/make.log"
check "the reason is printed" grep -q 'not allowed' "$scratch/make.log"
same "the logs of the sample" output "$scratch/untraced/output"
cd "$scratch/untraced" || exit 1
must "load" xsmall -q -s shelf.xsmall load --base base.tar shelf.tar run.*
must "chain" xsmall -s shelf.xsmall chain "grep -v '= -1' run.*"
check "the sample's own logs fit the image" \
    test "$(xsmall -s shelf.xsmall files | grep -c '^/app/plugins/.*\.so$')" = 3
finish
