#!/usr/bin/env bash
# The most frequent words of a text. Speaks `task`: a JSON document on stdin, one on stdout, and an exit code; jq reads and writes it.
set -euo pipefail

fail() { # CODE TYPE MESSAGE
  jq -n --arg type "$2" --arg message "$3" --argjson retry "$([ "$1" = 1 ] && echo true || echo false)" \
    '{success: false, error: {type: $type, message: $message, retry_possible: $retry}}'
  exit "$1"
}

task=$(cat)
text=$(jq -er '.params.text | strings' <<<"$task") || fail 2 InvalidParams "params.text must be a string"
top=$(jq -er '.params.top // 3 | numbers | select(. >= 1) | floor' <<<"$task") || fail 2 InvalidParams "params.top must be a number from 1"

echo "counting ${#text} characters" >&2 # stderr is the log, stdout the answer
# No pipe ends before it has read everything: one that did would fail the others
ranking=$(tr -cs '[:alpha:]' '\n' <<<"${text,,}" | sed '/^$/d' | LC_ALL=C sort | uniq -c | LC_ALL=C sort -k1,1nr -k2 | sed -n "1,${top}p")
jq -Rn '{success: true, result: {top: [inputs | capture("(?<count>[0-9]+) (?<word>.*)") | {word, count: (.count | tonumber)}]},
         logs: [{level: "INFO", message: "counted"}]}' <<<"$ranking"
