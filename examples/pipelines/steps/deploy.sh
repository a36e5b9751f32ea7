#!/bin/sh
# Deploys the stacks of a job. One that fails does not stop the others; the exit code is that of the last failure.
set -u
. "$(dirname "$0")/platform.sh"

deploy() {
  step=sign-in
  sign_in deployer "$1" || return
  step=preflight
  exo-auth preflight --stack "$1" || return
  step=update
  inertly judged "$PWD" pulumi up --stack "$1" --yes --skip-preview --non-interactive || return
  step=verification
  exo-auth verify --stack "$1" --wait "${VERIFY_WAIT:-5m}"
}

result=0
summary "| stack | deployment |"
summary "| --- | --- |"
for stack in $STACKS; do
  if deploy "$stack"; then
    summary "| $stack | done |"
  else
    result=$?
    summary "| $stack | **$step failed**, exit code $result |"
    alert "$stack: $step failed with exit code $result"
  fi
done
exit "$result"
