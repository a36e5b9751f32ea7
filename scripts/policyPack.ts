/**
 * Builds the policy pack into policy/dist/: a folder that stands alone, for a repository of its own, a pipeline, or
 * `pulumi policy publish`. It holds what the pack imports of this repository, and names the package that it needs.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const folder = path.join(path.dirname(import.meta.dirname), "policy");
const dist = path.join(folder, "dist");
rmSync(dist, { recursive: true, force: true });

const tsc = path.join(path.dirname(folder), "node_modules/typescript/bin/tsc");
const project = path.join(folder, "tsconfig.build.json");
const { status } = spawnSync(process.execPath, [tsc, "--project", project], { stdio: "inherit" });
if (status === 0) {
  const { devDependencies, ...manifest } = JSON.parse(
    readFileSync(path.join(folder, "package.json"), "utf8"),
  ) as Record<string, unknown>;
  const own = { ...manifest, type: "commonjs", main: "policy/index.js", dependencies: devDependencies };
  writeFileSync(path.join(dist, "package.json"), `${JSON.stringify(own, undefined, 2)}\n`);
  copyFileSync(path.join(folder, "PulumiPolicy.yaml"), path.join(dist, "PulumiPolicy.yaml"));
} else {
  process.exitCode = 1;
}
