#!/bin/sh
# format_response: {"text": string, "style": "heading" | "list"} -> the text in that form
export LC_ALL=C
exec awk -f arguments.awk -f format_response.awk
