#!/bin/sh
# Looks for drift and audits the stacks of a job and the pipeline's identities, as the one that can only read:
# check.sh FORMAT FOLDER
# Reports go to FOLDER/drift and FOLDER/audit. The exit code is 7 where something was found, and another where something
# could not be read, which goes first because nobody knows what it hides.
set -u
. "$(dirname "$0")/platform.sh"
format=$1
folder=$2
case $format in
  sarif) extension=sarif ;;
  junit) extension=xml ;;
esac

check() {
  command=$1
  stack=$2
  shift 2
  report=$folder/$command/$(echo "$stack" | tr / -).$extension
  sign_in reader "$stack" && exo-auth "$command" --stack "$stack" --format "$format" "$@" > "$report"
  code=$?
  # Where the command could not even begin there is no report, and a platform refuses an empty file.
  [ -s "$report" ] || rm -f "$report"
  case $code in
    0) verdict="nothing found" ;;
    7) verdict="**findings**" ;;
    *) verdict="**could not be checked**, exit code $code" ;;
  esac
  [ "$code" = 0 ] || alert "$stack: $command ended with exit code $code"
  case $code-$result in
    0-* | 7-[!0]*) ;;
    *) result=$code ;;
  esac
}

result=0
mkdir -p "$folder/drift" "$folder/audit"
summary "| stack | drift | audit |"
summary "| --- | --- | --- |"
for stack in $STACKS; do
  check drift "$stack"
  drift=$verdict
  check audit "$stack" --identity "$(client_id deployer "$stack")" --identity "$(client_id reader "$stack")"
  summary "| $stack | $drift | $verdict |"
done
exit "$result"
