#!/usr/bin/env bash
# ledger_peer: our ledger and Go's golang.org/x/mod/sumdb judge each other's logs, notes and proofs.
# usage: ledger_peer.sh LEDGER_PEER CACHE; skipped (77) where Go or the package is not installed.
set -euo pipefail
peer=$1 cache=$2 source=$(dirname "$0")/ledger_peer.go
packages=/usr/share/gocode # of Debian's golang-golang-x-mod-dev
command -v go >/dev/null || { echo "skipped: go is not installed"; exit 77; }
[ -d "$packages/src/golang.org/x/mod/sumdb/tlog" ] ||
    { echo "skipped: golang-golang-x-mod-dev is not installed"; exit 77; }

export GO111MODULE=off GOPATH=$packages GOCACHE=$cache GOENV=off GOFLAGS= CGO_ENABLED=0
mkdir -p "$cache"
go build -o "$cache/ledger_peer_go" "$source"

folder=$(mktemp -d "${TMPDIR:-/tmp}/tidewaiter-peer-XXXXXX")
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/ours" "$folder/theirs"
"$peer" make "$folder/ours"
"$cache/ledger_peer_go" "$folder/ours" "$folder/theirs"
"$peer" judge "$folder/theirs"
