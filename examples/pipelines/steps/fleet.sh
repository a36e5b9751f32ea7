#!/bin/sh
# Puts the documents of all jobs together: fleet.sh FOLDER. MATRIX is what `exo-auth matrix` said, so that a stack without a
# document is not forgotten. The folder `last` has what the last run kept; without it, everything is new.
# Writes FOLDER/fleet.html, adds Markdown to SUMMARY, and opens or adds to one issue for what is new.
set -u
. "$(dirname "$0")/platform.sh"
. "$(dirname "$0")/issue.sh"
folder=$1

mkdir -p "$folder" last
[ -z "${GITLAB_CI:-}" ] || sh "$steps/last.sh" "$folder/findings.history" > last/findings.history || exit
[ -s last/findings.history ] || rm -f last/findings.history
stacks=$(printf '%s\n' "$MATRIX" | grep -io '"stacks": *"[^"]*"' | cut -d '"' -f 4)
exo-auth fleet report "$folder" --stacks "$stacks" --since last --html "$folder/fleet.html" --issue new.md \
  --format markdown >> "${SUMMARY:-/dev/null}" || exit
[ ! -s new.md ] || tell "exo-auth: what the nightly check found" new.md || {
  # What nobody was told of has to be new in the next run.
  rm -f "$folder/findings.history"
  alert "The issue could not be opened or updated. What is new is in this run's report"
  exit 1
}
