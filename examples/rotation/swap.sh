#!/bin/sh
# Gives a host's jobs the certificate that is the current one: sh swap.sh STACK FOLDER
# Jobs read FOLDER/current/exchange.pem. It changes in one step, to what was signed in with on this very host.
set -eu
umask 077
stack=$1
folder=$2

output() { pulumi stack output --stack "$stack" "$@"; }

thumbprint=$(output thumbprint)
new=$folder/$thumbprint
if [ "$(readlink "$folder/current" 2>/dev/null)" = "$thumbprint" ]; then
  echo "The jobs have $thumbprint already."
  exit 0
fi
mkdir -p "$new"
{ output certificatePem; output privateKeyPem --show-secrets; } > "$new/exchange.pem"
exo-auth verify --quiet --certificate-file "$new/exchange.pem" \
  --app-id "$(output appId)" --organization "$(output organization)"
ln -sfn "$thumbprint" "$folder/next"
mv -T "$folder/next" "$folder/current"
echo "The jobs have $thumbprint from now on."
