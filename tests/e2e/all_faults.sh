#!/bin/bash
# SPDX-License-Identifier: MIT
# faults.sh at each write.
XSMALL_FAULTS=all exec bash "$(dirname "$0")/faults.sh" "$@"
