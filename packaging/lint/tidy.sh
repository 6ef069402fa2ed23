#!/usr/bin/env bash
# clang-tidy over every source of ours, as many at a time as there are cores.
# A file that was clean is not looked at again until it, a header or the checks change.
set -euo pipefail
build=$1
cache=$build/tidy
mkdir -p "$cache"
headers=$(git ls-files -z '*.h' .clang-tidy | xargs -0 cat | sha256sum | cut -c1-16)
check() {
    local file=$1 key
    key=$(printf '%s %s' "$headers" "$(sha256sum < "$file")" | sha256sum | cut -c1-32)
    [ -e "$cache/$key" ] && return 0
    clang-tidy-19 -p "$build" --quiet --warnings-as-errors='*' "$file" 2>/dev/null && : > "$cache/$key"
}
export -f check
export build cache headers
grep -o '"file": "[^"]*"' "$build/compile_commands.json" | cut -d'"' -f4 | grep -v -e autogen -e /build/ | sort -u \
    | xargs -r -P "$(nproc)" -I{} bash -c 'check {}'
