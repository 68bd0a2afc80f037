#!/bin/sh
# Entry point of the sample image.
set -e
mkdir -p /app/var
exec /app/bin/shelf "$@"
