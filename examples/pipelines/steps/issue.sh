# Tells what is new in one issue. The step of the fleet reads it; it is not run by itself.
steps=$(dirname "$0")
. "$steps/api.sh"

# Opens an issue, or adds to the one that is open: tell TITLE FILE
tell() {
  if [ -n "${GITHUB_ACTIONS:-}" ]; then
    tell_github "$@" "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
  elif [ -n "${TF_BUILD:-}" ]; then
    tell_azure "$@" "$SYSTEM_COLLECTIONURI$SYSTEM_TEAMPROJECTID/_build/results?buildId=$BUILD_BUILDID"
  else
    tell_gitlab "$@" "$CI_JOB_URL"
  fi
}

# Only an issue that a workflow opened: anybody can open one with this title.
tell_github() {
  printf '\n%s\n' "The page is in the artifact \`fleet\` of $3" >> "$2"
  open=$(TITLE=$1 gh issue list --app github-actions --state open --limit 1000 --json number,title \
    --jq 'map(select(.title == env.TITLE))[0].number // empty') || return
  if [ -n "$open" ]; then
    gh issue comment "$open" --body-file "$2"
  else
    gh issue create --title "$1" --body-file "$2"
  fi
}

tell_azure() {
  items=$SYSTEM_TEAMPROJECTID/_apis/wit
  body azure-find "$@"
  open=$(azure "$items/wiql" application/json | answer '(workItems[0] ?? {}).id ?? ""') || return
  if [ -n "$open" ]; then
    body azure-add "$@"
    azure "$items/workitems/$open" application/json-patch+json --request PATCH > body.answer
  else
    # The one type that every process has.
    body azure-open "$@"
    # shellcheck disable=SC2016
    azure "$items"'/workitems/$Task' application/json-patch+json > body.answer
  fi
}

# Confidential, so that only members of the project read it.
tell_gitlab() {
  open=$(gitlab "/issues?state=opened&scope=created_by_me&labels=exo-auth&per_page=1" | answer '(all[0] ?? {}).iid ?? ""') ||
    return
  if [ -n "$open" ]; then
    body gitlab-add "$@"
    gitlab "/issues/$open/notes" --header "Content-Type: application/json" --data @body.json > body.answer
  else
    body gitlab-open "$@"
    gitlab /issues --header "Content-Type: application/json" --data @body.json > body.answer
  fi
}

# Writes a request's body to body.json: body KIND TITLE FILE LINK
body() {
  node "$steps/issue.mjs" "$@" > body.json
}
