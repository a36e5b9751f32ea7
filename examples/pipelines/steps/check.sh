#!/bin/sh
# Looks for drift and audits the stacks of a job and the pipeline's identities, as the one that can only read:
# check.sh FORMAT FOLDER
# Each stack's document for the fleet goes to FOLDER/fleet, its reports in the format to FOLDER/drift and FOLDER/audit. The
# exit code is 7 where something was found, and another where something could not be read, which goes first because nobody
# knows what it hides.
set -u
. "$(dirname "$0")/platform.sh"
format=$1
folder=$2

result=0
mkdir -p "$folder/fleet"
summary "| stack | check |"
summary "| --- | --- |"
for stack in $STACKS; do
  # Where this fails, the document says why nobody could sign in.
  federated
  said=$(exo-auth fleet check --stacks "$stack" --out "$folder/fleet")
  code=$?
  # What was found is in the documents: everybody who sees the repository may read the log.
  case $code in
    0) verdict="nothing found" ;;
    7) verdict="**findings**" ;;
    *)
      verdict="**could not be checked**, exit code $code"
      printf '%s\n' "$said" | inert
      ;;
  esac
  summary "| $stack | $verdict |"
  [ "$code" = 0 ] || alert "$stack: the check ended with exit code $code"
  case $code-$result in
    0-* | 7-[!0]*) ;;
    *) result=$code ;;
  esac
done
exo-auth fleet report "$folder/fleet" --stacks "$STACKS" "--$format" "$folder" --quiet || result=$?
exit "$result"
