# What the steps have in common, and where the platforms differ. The steps read it; it is not run by itself.
# STACKS: the stacks of this job, separated by spaces. SUMMARY: a Markdown file to append to.

# Signs in to the tenant of a stack without a secret, as the identity that its settings name: sign_in deployer STACK
sign_in() {
  ARM_USE_OIDC=true
  ARM_TENANT_ID=$(pulumi config get expectedTenantId --stack "$2") || return
  ARM_CLIENT_ID=$(client_id "$1" "$2") || return
  export ARM_USE_OIDC ARM_TENANT_ID ARM_CLIENT_ID
  # GitHub is asked for its token by azuread and exo-auth, GitLab has put it into ARM_OIDC_TOKEN. That of Azure
  # Pipelines has to be asked for here, and anew for each stack, since it lasts ten minutes.
  if [ -n "${SYSTEM_OIDCREQUESTURI:-}" ]; then
    ARM_OIDC_TOKEN=$(azure_token) || return
    export ARM_OIDC_TOKEN
  fi
}

# The identity that a stack's settings name: client_id deployer STACK
client_id() {
  pulumi config get "pipeline:$1" --stack "$2"
}

azure_token() {
  # By standard input, as others on the machine can read a command's arguments.
  printf 'header = "Authorization: Bearer %s"\n' "$SYSTEM_ACCESSTOKEN" |
    curl --fail --silent --show-error --config - --header "Content-Type: application/json" --data "{}" \
      "$SYSTEM_OIDCREQUESTURI?api-version=7.1&serviceConnectionId=$AZURESUBSCRIPTION_SERVICE_CONNECTION_ID" |
    node --print 'JSON.parse(require("node:fs").readFileSync(0, "utf8")).oidcToken'
}

summary() {
  printf '%s\n' "$1" >> "${SUMMARY:-/dev/null}"
}

# Says what is wrong, where the platform shows it beside the job.
alert() {
  if [ -n "${GITHUB_ACTIONS:-}" ]; then
    echo "::error::$1"
  elif [ -n "${TF_BUILD:-}" ]; then
    echo "##vso[task.logissue type=error]$1"
  else
    echo "$1" >&2
  fi
}
