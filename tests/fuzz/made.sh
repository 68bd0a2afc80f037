#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs a fuzz target on seeds made by lib_seeds.sh: bash made.sh BUILD TARGET
set -eu
build=$(cd "${1:?build directory}" && pwd)
. "$(dirname "$0")/lib_seeds.sh"
seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
make_binary_seeds "$build/xsmall" "$seeds"
"$build/replay_${2:?target}" 30 "$seeds/$2"/*
