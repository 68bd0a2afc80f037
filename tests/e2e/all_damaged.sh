#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs damaged.sh with a thousand damaged sessions.
XSMALL_DAMAGES=1000 exec bash "$(dirname "$0")/damaged.sh" "$@"
