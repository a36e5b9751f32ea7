# Asks the platforms' APIs. Steps read it; it is not run by itself. Tokens go by standard input, as others on the machine can
# read a command's arguments.

# Prints a part of a JSON document: answer EXPRESSION, where `all` is the document
answer() {
  node --print "const all = JSON.parse(require('node:fs').readFileSync(0, 'utf8')); const { workItems = [], value = [] } = all; $1"
}

# Sends body.json to Azure DevOps: azure PATH TYPE [OPTION...]
azure() {
  path=$1
  type=$2
  shift 2
  printf 'header = "Authorization: Bearer %s"\n' "$SYSTEM_ACCESSTOKEN" |
    curl --fail --silent --show-error --config - --header "Content-Type: $type" --data @body.json "$@" \
      "$SYSTEM_COLLECTIONURI$path?api-version=7.1"
}

# Asks Azure DevOps: azure_get PATH [PARAMETER...]
azure_get() {
  path=$1
  shift
  for parameter; do
    shift
    set -- "$@" --data-urlencode "$parameter"
  done
  printf 'header = "Authorization: Bearer %s"\n' "$SYSTEM_ACCESSTOKEN" |
    curl --fail --silent --show-error --config - --get "$@" --data api-version=7.1 "$SYSTEM_COLLECTIONURI$path"
}

# Asks GitLab about this project: gitlab PATH [OPTION...]
gitlab() {
  path=$1
  shift
  printf 'header = "PRIVATE-TOKEN: %s"\n' "$FLEET_TOKEN" |
    curl --fail --silent --show-error --location --config - "$@" "$CI_API_V4_URL/projects/$CI_PROJECT_ID$path"
}
