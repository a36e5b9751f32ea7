# Commits the changed settings to a branch and opens a request to merge it, once: propose TARGET BRANCH TITLE TEXT
# The step that rotates reads it; it is not run by itself.
propose() {
  git switch --quiet --force-create "$2" &&
    git -c user.name=exo-auth -c user.email=exo-auth@noreply.invalid commit --quiet --all -m "$3" -m "$4" || return
  if [ -n "${GITHUB_ACTIONS:-}" ]; then
    push "$2" && open_on_github "$@"
  elif [ -n "${TF_BUILD:-}" ]; then
    push "$2" && open_on_azure "$@"
  else
    push_to_gitlab "$@"
  fi
}

# Whether the branch proposes this very change already. A second push would take back the reviews of the first.
is_pushed() {
  git fetch --quiet origin "$1" 2> /dev/null && git diff --quiet FETCH_HEAD HEAD
}

push() {
  is_pushed "$1" || git push --quiet --force origin "HEAD:refs/heads/$1"
}

open_on_github() {
  open=$(gh pr list --head "$2" --state open --json number --jq length) || return
  [ "$open" != 0 ] || gh pr create --base "$1" --head "$2" --title "$3" --body "$4"
}

open_on_azure() {
  open=$(azure_requests list --source-branch "$2" --status active --query "length(@)") || return
  [ "$open" != 0 ] ||
    azure_requests create --target-branch "$1" --source-branch "$2" --title "$3" --description "$4" --output none
}

azure_requests() {
  az repos pr "$@" --detect false --org "$SYSTEM_COLLECTIONURI" --project "$SYSTEM_TEAMPROJECT" \
    --repository "$BUILD_REPOSITORY_NAME"
}

# GitLab opens the merge request itself, as the push asks it to. The job's own token may not push.
push_to_gitlab() {
  is_pushed "$2" && return
  # The token reaches git by its environment, never by an argument.
  # shellcheck disable=SC2016
  helper='!printf "username=oauth2\npassword=%s\n" "$PUSH_TOKEN" #'
  git -c "credential.helper=$helper" push --quiet --force \
    -o merge_request.create -o "merge_request.target=$1" -o "merge_request.title=$3" \
    -o merge_request.remove_source_branch "$CI_PROJECT_URL.git" "HEAD:refs/heads/$2"
}
