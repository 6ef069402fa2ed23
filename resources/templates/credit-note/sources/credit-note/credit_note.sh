#!/bin/sh
# Renders a credit note from line items.
#
#   credit_note.sh NUMBER CUSTOMER < ITEMS
#
# An item is a line "quantity;unit price in cents;description".
# Empty lines and lines that begin with # are skipped.
set -eu

if [ "$#" -ne 2 ]; then
    echo "usage: credit_note.sh NUMBER CUSTOMER < ITEMS" >&2
    exit 2
fi

# 12345 cents are 123.45.
money() {
    cents=$1
    sign=
    if [ "$cents" -lt 0 ]; then
        sign=-
        cents=$((0 - cents))
    fi
    printf '%s%d.%02d' "$sign" "$((cents / 100))" "$((cents % 100))"
}

printf 'Invoice %s\n' "$1"
printf 'Customer: %s\n\n' "$2"

total=0
while IFS=';' read -r quantity price description; do
    case $quantity in
    '' | '#'*) continue ;;
    esac
    amount=$((quantity * price))
    total=$((total - amount))
    printf '%4d x %-28s %10s %10s\n' "$quantity" "$description" "$(money "$price")" "$(money "$amount")"
done

printf '\nTotal credited: %s\n' "$(money "$total")"
