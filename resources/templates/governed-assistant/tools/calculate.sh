#!/bin/sh
# calculate: {"operation": "add" | "subtract" | "multiply" | "divide", "a": number, "b": number} -> {"result": number}
export LC_ALL=C
exec awk -f arguments.awk -f calculate.awk
