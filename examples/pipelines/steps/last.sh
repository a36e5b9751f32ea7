#!/bin/sh
# Finds what the last run of this branch kept of the fleet. On GitHub and Azure it prints that run, for the step that
# downloads; on GitLab the file itself: last.sh FILE. It prints nothing where there is none.
set -u
. "$(dirname "$0")/api.sh"

# What a fork or another branch has kept under this name does not count.
last_on_github() {
  gh api "repos/$GITHUB_REPOSITORY/actions/artifacts?name=fleet-history&per_page=100" --jq '
    [.artifacts[] | select((.expired | not) and .workflow_run.head_branch == env.GITHUB_REF_NAME and
      .workflow_run.head_repository_id == .workflow_run.repository_id)] |
    max_by(.created_at).workflow_run.id // empty'
}

# A run that kept something has this tag, whether it failed or not.
last_on_azure() {
  # shellcheck disable=SC2016
  azure_get "$SYSTEM_TEAMPROJECTID/_apis/build/builds" "definitions=$SYSTEM_DEFINITIONID" \
    "branchName=$BUILD_SOURCEBRANCH" tagFilters=fleet statusFilter=completed queryOrder=finishTimeDescending '$top=1' |
    answer '(value[0] ?? {}).id ?? ""'
}

# GitLab's own "latest artifacts" are those of a pipeline without a failed job, so of no night with findings.
last_on_gitlab() {
  for page in 1 2 3 4 5 6 7 8 9 10; do
    # It is JavaScript that expands this.
    # shellcheck disable=SC2016
    jobs=$(gitlab "/jobs?scope[]=success&per_page=100&page=$page" --globoff | answer '
      const kept = ({ name, ref, tag, artifacts_file }) =>
        name === process.env.CI_JOB_NAME && ref === process.env.CI_COMMIT_BRANCH && !tag && artifacts_file;
      `${all.length} ${(all.find(kept) ?? {}).id ?? ""}`') || return
    job=${jobs#* }
    [ -z "$job" ] || {
      gitlab "/jobs/$job/artifacts/$1"
      return
    }
    [ "${jobs% *}" = 100 ] || return 0
  done
}

if [ -n "${GITHUB_ACTIONS:-}" ]; then
  last_on_github
elif [ -n "${TF_BUILD:-}" ]; then
  last_on_azure
else
  last_on_gitlab "$1"
fi
