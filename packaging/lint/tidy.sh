#!/usr/bin/env bash
# clang-tidy over the product's sources, as many at a time as there are cores. The tests are left to the compiler's warnings:
# with them the whole takes twice as long and has found nothing.
# A file that was clean is looked at again when it, a header that it includes, how it is compiled, or the checks change.
set -euo pipefail
build=$1
cache=$build/tidy
mkdir -p "$cache"
sources=$(mktemp)
trap 'rm -f "$sources"' EXIT
# What each source was compiled from, as the build knows it: lines of "source header header …", ours only.
ninja -C "$build" -t deps | awk '
    /#deps/ { if (line != "") print line; line = ""; next }
    $1 ~ /^\.\.\/\.\.\// { sub(/^\.\.\/\.\.\//, "", $1); line = line (line == "" ? "" : " ") $1 }
    END { if (line != "") print line }' \
    | grep -E '^(app|core|sandbox|widgets)/[^ ]*\.cpp( |$)' | sort -u -k1,1 > "$sources"
# Said, not passed over: what this configuration does not compile.
git ls-files 'app/*.cpp' 'core/*.cpp' 'sandbox/*.cpp' 'widgets/*.cpp' | sort \
    | comm -23 - <(cut -d' ' -f1 "$sources" | sort) | sed 's/^/not compiled here, so not looked at: /'
checks=$({ git ls-files -z '*.clang-tidy' | xargs -0 cat "$0"; clang-tidy-19 --version; } | sha256sum | cut -c1-16)
check() {
    local key output
    key=$({ echo "$checks"; grep -F -- "-c $PWD/$1" "$build/compile_commands.json"; sha256sum "$@"; } | sha256sum | cut -c1-32)
    [ -e "$cache/$key" ] && return 0
    # Warnings are the compiler's business, and clang has others.
    if output=$(clang-tidy-19 -p "$build" --quiet --extra-arg=-w --extra-arg=-Wno-error --warnings-as-errors='*' "$1" 2>&1); then
        : > "$cache/$key"
    else
        printf '%s\n' "$output"
        return 1
    fi
}
export -f check
export build cache checks
printf '%s files\n' "$(wc -l < "$sources")"
xargs -r -P "$(nproc)" -L1 bash -c 'check "$@"' check < "$sources"
