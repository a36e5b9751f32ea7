import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { root } from "./pages.ts";

/** What each folder may import of the others, as docs/architecture.md says. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  components: [],
  graph: ["components"],
  cli: ["components", "graph"],
  sandbox: ["components", "graph", "cli"],
};

it.each(Object.entries(mayImport))("lets %s/ import nothing of the repository but %j", (folder, others) => {
  const files = globSync(`${folder}/**/*.{ts,mjs}`, { cwd: root }).filter(
    (file) => !file.includes("node_modules"),
  );
  expect(files.length).toBeGreaterThan(0);
  const allowed = new Set([folder, ...others]);
  expect(files.flatMap(importsOf).filter(({ target }) => !allowed.has(target))).toEqual([]);
});

it("lets the program import the component alone", () => {
  expect(importsOf("index.ts").map(({ target }) => target)).toEqual([
    "components",
    "components",
    "components",
  ]);
});

/** The top-level folders that a file's relative imports lead to. */
function importsOf(file: string): readonly { file: string; target: string }[] {
  const text = readFileSync(path.join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, specifier = ""]) => {
    const [target = ""] = path.join(path.dirname(file), specifier).split(path.sep);
    return { file, target };
  });
}
