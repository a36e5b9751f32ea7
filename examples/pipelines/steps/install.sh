#!/bin/sh
# Installs what the jobs run, before any secret is there: the packages of package-lock.json, without scripts of theirs, and
# Pulumi with its plugins, each only if it has its checksum in pulumi.sha256.
# install.sh --pin prints these checksums for the versions of package-lock.json instead. They are for Linux on x64.
set -eu
sums=$(cd "$(dirname "$0")/.." && pwd)/pulumi.sha256
if [ "${1:-}" != --pin ] && [ ! -s "$sums" ]; then
  echo "$sums is missing. Make it with: sh pipelines/steps/install.sh --pin > pipelines/pulumi.sha256" >&2
  exit 2
fi
npm ci --ignore-scripts >&2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Pulumi's version is that of its SDK; a package that stands for a plugin says so.
archives() {
  # It is JavaScript that expands these.
  # shellcheck disable=SC2016
  node --print '
    const { existsSync, readFileSync } = require("node:fs");
    const json = (file) => JSON.parse(readFileSync(file, "utf8"));
    const { version } = json("node_modules/@pulumi/pulumi/package.json");
    const manifests = Object.keys(json("package-lock.json").packages).map((folder) => `${folder || "."}/package.json`);
    const plugins = manifests.filter(existsSync).map((file) => json(file).pulumi).filter((pulumi) => pulumi?.resource);
    const names = plugins.map(({ name, version }) => `pulumi-resource-${name}-v${version}-linux-amd64.tar.gz`);
    [`pulumi-v${version}-linux-x64.tar.gz`, ...new Set(names.sort())].join("\n")'
}

download() {
  while read -r archive; do
    case $archive in
      pulumi-resource-*) kind=plugins ;;
      *) kind=sdk ;;
    esac
    curl --fail --silent --show-error --location --output "$folder/$archive" \
      "https://get.pulumi.com/releases/$kind/$archive"
  done
}

if [ "${1:-}" = --pin ]; then
  archives > "$folder/archives"
  download < "$folder/archives"
  cd "$folder"
  xargs sha256sum < archives
  exit
fi

sed 's/.* //' "$sums" > "$folder/archives"
download < "$folder/archives"
(cd "$folder" && sha256sum --check --strict --quiet "$sums")
# Beside exo-auth, so that one folder is on PATH.
tar -xzf "$folder"/pulumi-v*.tar.gz --strip-components=1 -C node_modules/.bin
for archive in "$folder"/pulumi-resource-*.tar.gz; do
  plugin=$(basename "$archive" -linux-amd64.tar.gz)
  name=${plugin#pulumi-resource-}
  node_modules/.bin/pulumi plugin install resource "${name%-v*}" "${name##*-v}" --file "$archive"
done
