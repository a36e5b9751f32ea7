#!/bin/sh
# Says which stacks of a job have a certificate or a role that ends soon: expiry.sh TIME. Asks the state only, no tenant.
set -u
. "$(dirname "$0")/platform.sh"

result=0
for stack in $STACKS; do
  exo-auth status --stack "$stack" --fail-if-expiring "$1" --quiet || {
    code=$?
    text="its ends could not be looked at, exit code $code"
    [ "$code" != 7 ] || text="a certificate or a role ends within $1"
    [ "$code" = 7 ] && [ "$result" != 0 ] || result=$code
    alert "$stack: $text"
    summary "- $stack: $text"
  }
done
exit "$result"
