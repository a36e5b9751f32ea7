/**
 * Builds what others install into dist/: CommonJS, which `require` and `import` both take, with type declarations.
 * Node strips types outside node_modules only, so the sources themselves cannot be shipped.
 */
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.dirname(import.meta.dirname);
const dist = path.join(root, "dist");

rmSync(dist, { recursive: true, force: true });
const { status } = spawnSync(
  process.execPath,
  [path.join(root, "node_modules/typescript/bin/tsc"), "--project", path.join(root, "tsconfig.build.json")],
  { stdio: "inherit" },
);
if (status === 0) {
  // package.json at the top says "module" for the sources.
  writeFileSync(path.join(dist, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
} else {
  process.exitCode = 1;
}
