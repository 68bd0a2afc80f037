#!/bin/bash
# SPDX-License-Identifier: MIT
# kill_edit.sh with 500 kills or more.
XSMALL_KILLS=170 exec bash "$(dirname "$0")/kill_edit.sh" "$@"
