#!/bin/sh
# archive.sh FILE NAME FOLDER: keep a finished segment of the database's log, once and for good.
set -eu
kept="$3/$2.gz"
if [ -e "$kept" ]; then
    # Asked again after a crash: the same is well, anything else must never replace what is kept.
    gzip -dc "$kept" | cmp -s - "$1"
    exit
fi
draft="$3/.$2.$$"
trap 'rm -f "$draft"' EXIT
gzip -1 -c "$1" > "$draft"
mv "$draft" "$kept"
