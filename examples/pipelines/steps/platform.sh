# What the steps have in common, and where the platforms differ. The steps read it; it is not run by itself.
# STACKS: the stacks of this job, separated by spaces. SUMMARY: a Markdown file to append to.

# Pulumi runs the plugins that install.sh has compared with their checksums, and downloads none.
export PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true

# Signs in to the tenant of a stack without a secret, as the identity that its settings name: sign_in deployer STACK
sign_in() {
  ARM_TENANT_ID=$(pulumi config get expectedTenantId --stack "$2") || return
  ARM_CLIENT_ID=$(client_id "$1" "$2") || return
  export ARM_TENANT_ID ARM_CLIENT_ID
  federated
}

# Lets the commands sign in with a token of the platform.
federated() {
  export ARM_USE_OIDC=true
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
    echo "::error::$(printf '%s\n' "$1" | sed 's/%/%25/g' | one_line)"
  elif [ -n "${TF_BUILD:-}" ]; then
    echo "##vso[task.logissue type=error]$(printf '%s\n' "$1" | inert | one_line)"
  else
    printf '%s\n' "$1" | inert >&2
  fi
}

# Encodes line ends as the runners of GitHub and Azure decode them.
one_line() {
  awk 'NR > 1 { printf "%%0A" } { gsub(/\r/, "%0D"); printf "%s", $0 }'
}

# What comes from a tenant or a program may hold anything, and a runner takes some of it for its commands.
# Runners end lines at more than a line feed, so `::` begins nothing behind any white space, as bytes.
inert() {
  LC_ALL=C sed -e 's/##\([vV][sS][oO]\[\)/# #\1/g' -e 's/##\[/# #[/g' -e 's/^:\(:\)/: \1/' \
    -e 's/\([^[:graph:]]\):\(:\)/\1: \2/g' \
    -e 's/section_\(start:\)/section \1/g' -e 's/section_\(end:\)/section \1/g'
}

# Runs a command that prints such texts, with its own exit code: inertly pulumi up
inertly() {
  code_file=$(mktemp) || return
  {
    "$@" 2>&1
    echo $? > "$code_file"
  } | inert
  read -r code < "$code_file"
  rm -f "$code_file"
  return "$code"
}

# Runs Pulumi under the policy pack of a folder, as policyConfig.json beside it configures it: judged FOLDER pulumi up
# Node would load a policies.json, or another such file, beside the folder instead of the pack.
judged() (
  for file in "$1/policies.js" "$1/policies.json" "$1/policies.node"; do
    [ ! -d "$1/policies" ] || [ ! -e "$file" ] || {
      echo "Node would load $file instead of the policy pack. Rename the file." >&2
      exit 1
    }
  done
  export PULUMI_OPTION_POLICY_PACK="$1/policies"
  [ ! -f "$1/policyConfig.json" ] || export PULUMI_OPTION_POLICY_PACK_CONFIG="$1/policyConfig.json"
  [ -d "$PULUMI_OPTION_POLICY_PACK" ] || unset PULUMI_OPTION_POLICY_PACK PULUMI_OPTION_POLICY_PACK_CONFIG
  shift
  "$@"
)
