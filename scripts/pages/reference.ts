import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.dirname(path.dirname(import.meta.dirname));

/**
 * docs/reference, from the sources' own comments, by path below the repository.
 *
 * @throws where an exported symbol has none
 */
export function referencePages(): ReadonlyMap<string, string> {
  const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-reference-"));
  try {
    const typedoc = path.join(root, "node_modules/typedoc/bin/typedoc");
    const args = [typedoc, "--logLevel", "Warn", "--out", folder];
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", 2, 2] });
    if (status !== 0) throw new Error("typedoc could not make docs/reference. Its messages stand above.");
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".md"),
    );
    return new Map(
      names.map((name) => [
        path.posix.join("docs/reference", name),
        readFileSync(path.join(folder, name), "utf8"),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
