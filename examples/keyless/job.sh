#!/bin/sh
# Gets a token for Exchange Online with the token of the job's platform, hides it from the log, and runs job.ps1 with it.
set -eu

if [ -z "${EXCHANGE_TENANT_DOMAIN:-}" ]; then
  echo "The job cannot start: set EXCHANGE_TENANT_DOMAIN." >&2
  exit 2
fi

EXCHANGE_TOKEN=$(exo-auth token --from-environment)
# GitLab and Kubernetes cannot hide what a job makes. Nothing here prints it.
if [ -n "${GITHUB_ACTIONS:-}" ]; then echo "::add-mask::$EXCHANGE_TOKEN"; fi
if [ -n "${TF_BUILD:-}" ]; then echo "##vso[task.setsecret]$EXCHANGE_TOKEN"; fi

# By the environment: every process sees a command line.
export EXCHANGE_TOKEN
exec pwsh -NoProfile -NonInteractive -File "$(dirname "$0")/job.ps1" -TenantDomain "$EXCHANGE_TENANT_DOMAIN"
