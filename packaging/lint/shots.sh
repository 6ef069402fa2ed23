#!/usr/bin/env bash
# Screenshots of every view, light, dark and in high contrast, from a project with a run in each state.
set -euo pipefail
bin=$(readlink -f "$1")
mkdir -p "$2"
shots=$(readlink -f "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -m 0700 "$work/run"
export XDG_CACHE_HOME=$work/cache XDG_CONFIG_HOME=$work/config XDG_RUNTIME_DIR=$work/run
"$bin/gatehouse" new "$work/invoices" 2> /dev/null
run() {
    local status=0
    "$bin/gatehouse" --project "$work/invoices" "$@" > /dev/null 2> "$work/problem" || status=$?
    case $status in 0 | 3 | 4) ;; *) cat "$work/problem" >&2; return "$status" ;; esac
}
start() { run run "$work/invoices/workflows/credit-note.workflow.json" --approvals pause; }
asked() { "$bin/gatehouse" --project "$work/invoices" approvals list --json | grep -o '"id":"[^"]*"' | head -1 | cut -d'"' -f4; }
# Finished, denied, decided but not gone on with, waiting.
start
run approvals approve "$(asked)"
run resume last
start
run approvals deny "$(asked)" --reason "Not on a Friday"
run resume last
start
run approvals approve "$(asked)"
start
for theme in light dark high-contrast; do
    QT_QPA_PLATFORM=offscreen "$bin/gatehouse-workbench" --theme $theme --shot "$shots" "$work/invoices" \
        2> >(grep -v 'propagateSizeHints' >&2)
done
ls "$shots"
