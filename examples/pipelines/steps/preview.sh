#!/bin/sh
# Appends to SUMMARY what would change in the stacks of a job. Fails where a preview fails, not where there are changes.
set -u
. "$(dirname "$0")/platform.sh"

preview() {
  sign_in reader "$1" && pulumi preview --stack "$1" --diff --expect-no-changes --non-interactive --color never
}

result=0
for stack in $STACKS; do
  printed=$(preview "$stack" 2>&1)
  code=$?
  case $code in
    0) title="no changes" ;;
    7) title="changes" ;;
    *)
      title="**the preview failed**"
      result=$code
      alert "$stack: the preview failed with exit code $code"
      ;;
  esac
  printf '%s\n' "$printed"
  summary "<details><summary>$stack: $title</summary>"
  summary ""
  # Indented, it stays text, whatever is in it.
  summary "$(printf '%s\n' "$printed" | sed -e '/^error: no changes were expected/d' -e 's/^/    /')"
  summary ""
  summary "</details>"
  summary ""
done
exit "$result"
