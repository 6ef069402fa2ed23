#!/bin/sh
# Tests of credit_note.sh. Run from anywhere; the exit status is 1 when one fails.
set -u
cd "$(dirname "$0")/.." || exit 2

passed=0
failed=0

# check NAME EXPECTED ACTUAL
check() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
        printf 'ok   %s\n' "$1"
    else
        failed=$((failed + 1))
        printf 'FAIL %s\n     expected: %s\n     actual:   %s\n' "$1" "$2" "$3"
    fi
}

note=$(sh ./credit_note.sh 2026-017 'Berg & Daughters' <example.txt)

check 'the heading says what it is' 'Credit note 2026-017' "$(printf '%s\n' "$note" | sed -n '1p')"
check 'the total is the sum of the items' 'Total credited: 61.90' "$(printf '%s\n' "$note" | sed -n '$p')"

if [ "$failed" -eq 0 ]; then
    printf '%d passed\n' "$passed"
elif [ "$passed" -eq 0 ]; then
    printf '%d failed\n' "$failed"
    exit 1
else
    printf '%d passed, %d failed\n' "$passed" "$failed"
    exit 1
fi
