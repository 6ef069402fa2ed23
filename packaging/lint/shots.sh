#!/usr/bin/env bash
# Screenshots, made by the program without a display: BIN DIR writes every view, light, dark and in high contrast, at 100 and 200 %,
# from a project with a run in each state; BIN DIR tour writes the pictures of docs/tour.
set -euo pipefail
bin=$(readlink -f "$1")
mkdir -p "$2"
shots=$(readlink -f "$2")
what=${3:-views}
work=$(mktemp -d -t gatehouse-XXXX)
trap 'rm -rf "$work"' EXIT
mkdir -m 0700 "$work/run"
export XDG_CACHE_HOME=$work/cache XDG_CONFIG_HOME=$work/config XDG_RUNTIME_DIR=$work/run
# Large enough for the window at 200 %: what pops up is kept within the screen.
cat > "$work/screen.json" <<'JSON'
{ "screens": [{ "name": "shots", "x": 0, "y": 0, "width": 3840, "height": 2400, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1 }] }
JSON
window() {
    QT_QPA_PLATFORM=offscreen:configfile=$work/screen.json "$bin/gatehouse-workbench" --shot "$shots" "$@" \
        2> >(grep -v 'propagateSizeHints' >&2)
}
run() {
    local status=0
    "$bin/gatehouse" --project "$work/invoices" "$@" > /dev/null 2> "$work/problem" || status=$?
    case $status in 0 | 3 | 4) ;; *) cat "$work/problem" >&2; return "$status" ;; esac
}
start() { run run "$work/invoices/workflows/credit-note.workflow.json" --approvals pause; }
asked() { "$bin/gatehouse" --project "$work/invoices" approvals list --json | grep -o '"id":"[^"]*"' | head -1 | cut -d'"' -f4; }

if [ "$what" = tour ]; then
    window --theme light --tour "$work/invoices"
    exit
fi
"$bin/gatehouse" new "$work/invoices" 2> /dev/null
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
    for scale in 1 2; do
        QT_SCALE_FACTOR=$scale window --theme $theme "$work/invoices"
    done
done
