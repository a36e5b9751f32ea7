import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Sandbox } from "../../../sandbox/createSandbox.ts";
import { pluginVersions } from "../../../sandbox/plugins/install.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";

/** Packs what the sandbox runs as Pulumi releases it, and leaves a runner's Pulumi home without any of it. */
export function offerReleases(sandbox: Sandbox, folder: string): void {
  const releases = join(folder, "releases");
  const own = join(sandbox.env["PULUMI_HOME"]!, "plugins");
  const home = join(folder, "home", "plugins");
  for (const made of [releases, home, join(folder, "cli", "pulumi")]) mkdirSync(made, { recursive: true });
  const pack = (archive: string, cwd: string, name: string): string =>
    execFileSync("tar", ["-czhf", join(releases, archive), name], { cwd, encoding: "utf8" });
  const cli = join(folder, "cli", "pulumi", "pulumi");
  writeFileSync(cli, `#!/bin/sh\nexec "${sandbox.folder.bin}/pulumi" "$@"\n`);
  chmodSync(cli, 0o755);
  pack(`pulumi-v${sdkVersion()}-linux-x64.tar.gz`, join(folder, "cli"), "pulumi");
  for (const [name, version] of Object.entries(pluginVersions())) {
    const plugin = `${name}-v${version}`;
    const archive = `pulumi-resource-${plugin}-linux-amd64.tar.gz`;
    pack(archive, join(own, `resource-${plugin}`), `pulumi-resource-${name}`);
  }
  // The stand-in for the language host is no part of an archive of Pulumi's.
  for (const host of globSync("language-*", { cwd: own })) {
    cpSync(join(own, host), join(home, host), { recursive: true });
  }
}

/** Downloads of Pulumi's come from the folder of its releases; everything else is asked for as usual. */
export function downloadScript(folder: string): string {
  return `#!/bin/sh
for last; do :; done
case $last in
  https://get.pulumi.com/releases/sdk/pulumi-v* | https://get.pulumi.com/releases/plugins/pulumi-resource-*) ;;
  *) exec /usr/bin/curl "$@" ;;
esac
while [ "$1" != --output ]; do shift; done
exec cp "${folder}/releases/\${last##*/}" "$2"
`;
}

function sdkVersion(): string {
  const manifest = readFileSync(join(repository, "node_modules/@pulumi/pulumi/package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
