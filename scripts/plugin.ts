/**
 * Builds the plugin for Pulumi's other languages into plugin/dist/: a folder that stands alone, for `pulumi package add`.
 * It holds the component, and names the packages that it needs, without those of the command line. The templates for
 * `pulumi new` are in it, too, since one of them names this very folder.
 */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  globSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  mkdtempSync,
} from "node:fs";
import path from "node:path";

import packageJson from "../package.json" with { type: "json" };

const folder = path.join(path.dirname(import.meta.dirname), "plugin");
const dist = path.join(folder, "dist");
// Built beside dist/ and moved there, so that whoever uses the plugin meanwhile never sees half of it.
const fresh = mkdtempSync(`${dist}-`);

/** What the engine starts, by the name that it looks for. */
const executables = [`pulumi-resource-${packageJson.name}`, `pulumi-resource-${packageJson.name}.cmd`];

const tsc = path.join(path.dirname(folder), "node_modules/typescript/bin/tsc");
const options = ["--project", path.join(folder, "tsconfig.build.json"), "--outDir", fresh];
const { status } = spawnSync(process.execPath, [tsc, ...options], { stdio: "inherit" });
if (status === 0) {
  const { name, version, description, license, engines } = packageJson;
  const own = {
    name: `${name}-plugin`,
    version,
    description,
    license,
    type: "commonjs",
    main: "plugin/main.js",
    dependencies: neededPackages(),
    engines,
  };
  writeFileSync(path.join(fresh, "package.json"), `${JSON.stringify(own, undefined, 2)}\n`);
  for (const file of ["PulumiPlugin.yaml", "schema.json", ...executables])
    copyFileSync(path.join(folder, file), path.join(fresh, file));
  copyFileSync(path.join(folder, "../LICENSE"), path.join(fresh, "LICENSE"));
  // What Pulumi's registry shows, and takes from the tag of a release.
  copyFileSync(path.join(folder, "logo.png"), path.join(fresh, "logo.png"));
  cpSync(path.join(folder, "docs"), path.join(fresh, "docs"), { recursive: true });
  copyTemplates();
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
} else {
  rmSync(fresh, { recursive: true });
  process.exitCode = 1;
}

/** The templates for `pulumi new`. A project may lie anywhere, so the path of the plugin becomes absolute. */
function copyTemplates(): void {
  cpSync(path.join(folder, "../template"), path.join(fresh, "template"), { recursive: true });
  const yaml = path.join(fresh, "template/yaml/Pulumi.yaml");
  writeFileSync(yaml, readFileSync(yaml, "utf8").replace("../../plugin/dist", dist));
}

/** Each package that the built files load, with the versions that fit. */
function neededPackages(): Record<string, string> {
  const loaded = globSync("**/*.js", { cwd: fresh }).flatMap((file) => [
    ...readFileSync(path.join(fresh, file), "utf8").matchAll(/\brequire\("(@[^/"]+\/[^/"]+|[^./@"][^/"]*)/g),
  ]);
  const names = new Set(loaded.map(([, name]) => name));
  return Object.fromEntries(Object.entries(packageJson.dependencies).filter(([name]) => names.has(name)));
}
