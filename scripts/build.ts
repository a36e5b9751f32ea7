/**
 * Builds what others install into dist/: CommonJS, which `require` and `import` both take, with type declarations.
 * Node strips types outside node_modules only, so the sources themselves cannot be shipped.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.dirname(import.meta.dirname);
const dist = path.join(root, "dist");
// Built beside dist/ and moved there, so that whoever uses the package meanwhile never sees half of it.
const fresh = mkdtempSync(`${dist}-`);

const tsc = path.join(root, "node_modules/typescript/bin/tsc");
const options = ["--project", path.join(root, "tsconfig.build.json"), "--outDir", fresh];
const { status } = spawnSync(process.execPath, [tsc, ...options], { stdio: "inherit" });
if (status === 0) {
  // package.json at the top says "module" for the sources.
  writeFileSync(path.join(fresh, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
} else {
  rmSync(fresh, { recursive: true });
  process.exitCode = 1;
}
