#!/bin/sh
# Fails unless the platform says that the site of this repository's Pages is private. In doubt it is not.
set -u
. "$(dirname "$0")/platform.sh"
. "$(dirname "$0")/api.sh"

refuse() {
  alert "The fleet's page lists weaknesses, so it does not go to Pages: $1"
  exit 1
}

if [ -n "${GITHUB_ACTIONS:-}" ]; then
  # Elsewhere than on Enterprise Cloud, everybody who knows the address reads a site.
  public=$(gh api "repos/$GITHUB_REPOSITORY/pages" --jq .public) || refuse "GitHub does not say who may read the site"
  [ "$public" = false ] || refuse "the site is public. Only GitHub Enterprise Cloud has private ones"
else
  # Where an instance has no access control, a project's setting has no effect. Only administrators may ask an instance for
  # it, and their token belongs into no job. GitLab.com has it.
  [ "$CI_SERVER_HOST" = gitlab.com ] ||
    refuse "whether $CI_SERVER_HOST has access control for Pages, only its administrators can read"
  access=$(gitlab "" | answer 'all.pages_access_level ?? ""') || refuse "GitLab does not say who may read the site"
  [ "$access" = private ] || refuse "\`pages_access_level\` of the project must be \"private\", got \"$access\""
fi
