#!/bin/sh
# Runs job.ps1 with a PFX. Everything comes from the environment: a command line is seen by every process.
set -eu

missing=
for name in EXCHANGE_APP_ID EXCHANGE_TENANT_DOMAIN EXCHANGE_PFX EXCHANGE_PFX_PASSWORD_FILE; do
  eval "value=\${$name:-}"
  [ -n "$value" ] || missing="$missing $name"
done
if [ -n "$missing" ]; then
  echo "The job cannot start: set$missing." >&2
  exit 2
fi
for file in "$EXCHANGE_PFX" "$EXCHANGE_PFX_PASSWORD_FILE"; do
  if [ ! -r "$file" ]; then
    echo "The job cannot start: $file cannot be read by $(id -un). Give the account that runs the job access to it." >&2
    exit 2
  fi
done

EXCHANGE_PFX_PASSWORD=$(cat "$EXCHANGE_PFX_PASSWORD_FILE")
export EXCHANGE_PFX_PASSWORD
exec pwsh -NoProfile -NonInteractive -File "$(dirname "$0")/job.ps1" \
  -AppId "$EXCHANGE_APP_ID" -TenantDomain "$EXCHANGE_TENANT_DOMAIN" -PfxPath "$EXCHANGE_PFX"
