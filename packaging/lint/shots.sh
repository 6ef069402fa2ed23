#!/usr/bin/env bash
# Screenshots of every view, light and dark, from a project with a waiting and a finished run.
set -euo pipefail
bin=$(readlink -f "$1")
mkdir -p "$2"
shots=$(readlink -f "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -m 0700 "$work/run"
export XDG_CACHE_HOME=$work/cache XDG_CONFIG_HOME=$work/config XDG_RUNTIME_DIR=$work/run
"$bin/gatehouse" new "$work/invoices" 2> /dev/null
run() { "$bin/gatehouse" --project "$work/invoices" "$@" > /dev/null 2>&1 || [ $? = 4 ]; }
run run "$work/invoices/workflows/credit-note.workflow.json" --approvals pause
run approvals approve "$("$bin/gatehouse" --project "$work/invoices" approvals list --json | grep -o '"id":"[^"]*"' | head -1 | cut -d'"' -f4)"
run resume last
run run "$work/invoices/workflows/credit-note.workflow.json" --approvals pause
for theme in light dark; do
    QT_QPA_PLATFORM=offscreen "$bin/gatehouse-workbench" --theme $theme --shot "$shots" "$work/invoices" \
        2> >(grep -v 'propagateSizeHints' >&2)
done
ls "$shots"
