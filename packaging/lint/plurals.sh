#!/usr/bin/env bash
# The words of the interface that name a number: each must have its English singular and plural in resources/translations.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
/usr/lib/qt6/bin/lupdate -silent -pluralonly -locations none app core widgets -ts "$work/found.ts" > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
sources() { sed -n 's/^ *<source>\(.*\)<\/source>$/\1/p' "$1" | sort -u; }
if ! diff <(sources resources/translations/gatehouse_en.ts) <(sources "$work/found.ts"); then
    echo "plurals: resources/translations/gatehouse_en.ts has other words (<) than the sources (>)" >&2
    exit 1
fi
if grep -n -e 'type="unfinished"' -e '<numerusform></numerusform>' resources/translations/gatehouse_en.ts; then
    echo "plurals: these have no words yet" >&2
    exit 1
fi
