#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs faults.sh with a fault at each write.
XSMALL_FAULTS=all exec bash "$(dirname "$0")/faults.sh" "$@"
