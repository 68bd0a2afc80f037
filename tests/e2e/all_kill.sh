#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs kill_edit.sh with at least 500 kills.
XSMALL_KILLS=170 exec bash "$(dirname "$0")/kill_edit.sh" "$@"
