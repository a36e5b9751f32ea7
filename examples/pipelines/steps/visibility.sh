#!/bin/sh
# Gives the next steps the variable `visibility`: whether the repository, and with it what its jobs keep, is `private` or
# `public`. In doubt it is public. On GitLab, a job itself says who may see what it keeps.
set -u
. "$(dirname "$0")/platform.sh"
. "$(dirname "$0")/api.sh"

if [ -n "${GITHUB_ACTIONS:-}" ]; then
  visibility=$(gh api "repos/$GITHUB_REPOSITORY" --jq .visibility)
else
  visibility=$(azure_get "_apis/projects/$SYSTEM_TEAMPROJECTID" | answer 'all.visibility ?? ""')
fi
case $visibility in
  private | internal | organization) visibility=private ;;
  *)
    alert "The fleet's page lists weaknesses, and everybody can read what the jobs of this repository keep. So no page is kept, and no issue is opened. Visibility: ${visibility:-unknown}"
    visibility=public
    ;;
esac
if [ -n "${GITHUB_ACTIONS:-}" ]; then
  echo "visibility=$visibility" >> "$GITHUB_OUTPUT"
else
  echo "##vso[task.setvariable variable=visibility]$visibility"
fi
