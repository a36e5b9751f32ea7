#!/bin/sh
# Appends to SUMMARY what a proposed change declares otherwise than the commit that it is to be merged into:
# preview.sh COMMIT. Needs no state, no passphrase and no key: every stack is planned as if it were new, before the change
# and after it, in a store of this job's own. Fails where a plan fails, not where there are changes.
set -u
steps=$(cd "$(dirname "$0")" && pwd)
. "$steps/platform.sh"
base=$1

# Below this folder, so that the program finds its packages.
folder=$(mktemp -d "$PWD/preview-XXXXXX") || exit
trap 'rm -rf "$folder"' EXIT
for tree in before after; do
  commit=HEAD
  [ "$tree" = after ] || commit=$base
  mkdir "$folder/$tree" && git archive --output "$folder/$tree.tar" "$commit" || exit
  tar -xf "$folder/$tree.tar" -C "$folder/$tree" || exit
done

# Goes into a tree, with a store of that tree's own: enter TREE
enter() {
  cd "$folder/$1" || exit
  export PULUMI_BACKEND_URL="file://$folder/$1" PULUMI_CONFIG_PASSPHRASE=none
}

# Writes what the program declares for a stack to FILE.txt, and what went wrong to FILE.log: plan TREE STACK FILE
plan() (
  : > "$3.txt"
  enter "$1"
  [ -f "Pulumi.$2.yaml" ] || exit 0
  # The settings without what opens the stack's own secrets.
  grep -Ev '^(encryptionsalt|encryptedkey|secretsprovider):' "Pulumi.$2.yaml" > "$3.yaml"
  cp "$3.yaml" "Pulumi.$2.yaml"
  {
    pulumi stack init "$2" --non-interactive > "$3.init" &&
      sign_in previewer "$2" &&
      pulumi preview --stack "$2" --json --non-interactive > "$3.json"
    code=$?
    [ ! -s "$3.json" ] || node "$steps/declared.mjs" < "$3.json" > "$3.txt" || code=$?
  } 2> "$3.log"
  exit "$code"
)

# Plans a stack after the change under the policies before it, which the change cannot soften: judge STACK
judge() (
  enter after
  [ -f "Pulumi.$1.yaml" ] && [ -d "$folder/before/policies" ] || exit 0
  sign_in previewer "$1" && judged "$folder/before" pulumi preview --stack "$1" --non-interactive
)

# Sets the title of what it prints: preview STACK
preview() {
  for tree in before after; do
    plan "$tree" "$1" "$folder/$tree-$1" || {
      code=$?
      title="**the preview failed**"
      echo "What is there $tree the change cannot be planned:"
      cat "$folder/$tree-$1.log"
      return "$code"
    }
  done
  judge "$1" > "$folder/judged-$1.log" 2>&1 || {
    code=$?
    title="**the policies refuse it**"
    cat "$folder/judged-$1.log"
    return "$code"
  }
  title="no changes"
  diff -U 1000 --label before --label after "$folder/before-$1.txt" "$folder/after-$1.txt" || title="changes"
}

# Where nothing but settings changes, the other stacks stay as they are.
names=$(git diff --name-only "$base" HEAD)
if printf '%s\n' "$names" | grep -qv '^Pulumi\.[^/]*\.yaml$'; then
  names=$(ls "$folder/before" "$folder/after")
fi

result=0
: >> "${SUMMARY:-/dev/null}"
for stack in $(printf '%s\n' "$names" | sed -n 's/^Pulumi\.\([^/]*\)\.yaml$/\1/p' | sort -u); do
  preview "$stack" > "$folder/printed" || {
    result=$?
    alert "$stack: the preview failed with exit code $result"
  }
  inert < "$folder/printed"
  summary "<details><summary>$stack: $title</summary>"
  summary ""
  # Indented, it stays text, whatever is in it.
  summary "$(sed 's/^/    /' "$folder/printed")"
  summary ""
  summary "</details>"
  summary ""
done
exit "$result"
