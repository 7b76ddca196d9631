#!/usr/bin/env bash
# manual: docs/tidewaiter.1 is what the program prints of itself, and man reads it without a warning.
# usage: manual.sh TIDEWAITER PAGE; TIDEWAITER_WRITE_DOCS=1 writes the page anew.
set -euo pipefail
program=$1 page=$2
[ -z "${TIDEWAITER_WRITE_DOCS:-}" ] || "$program" manual >"$page"
"$program" manual | diff "$page" - || {
    echo "$page is stale; TIDEWAITER_WRITE_DOCS=1 $0 $program $page writes it anew"; exit 1; }
if command -v man >/dev/null; then
    said=$(LC_ALL=C.UTF-8 man --warnings -l "$page" 2>&1 >/dev/null)
    [ -z "$said" ] || { echo "$said"; exit 1; }
fi
