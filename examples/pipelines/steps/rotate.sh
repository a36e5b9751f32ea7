#!/bin/sh
# Takes the next step of each stack's rotation, and proposes it as a change of the stack's settings: rotate.sh TARGET
# TARGET is the branch that the change is to be merged into. What is merged is deployed as any other change.
set -u
. "$(dirname "$0")/platform.sh"
. "$(dirname "$0")/propose.sh"

result=0
begin=$(git rev-parse HEAD)
for stack in $STACKS; do
  said=$(exo-auth rotate --no-up --stack "$stack" --wait "${VERIFY_WAIT:-5m}")
  code=$?
  printf '%s\n' "$said"
  settings=$(git diff --name-only)
  if [ "$code" = 0 ] && [ -n "$settings" ]; then
    propose "$1" "exo-auth/rotate-$(echo "$stack" | tr / -)" "Rotate the certificate of $stack" "$said"
    code=$?
  fi
  if [ "$code" != 0 ]; then
    result=$code
    alert "$stack: the rotation needs somebody, exit code $code"
  fi
  git switch --quiet --force --detach "$begin"
done
exit "$result"
