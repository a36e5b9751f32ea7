import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { root } from "./pages.ts";

/** What each folder may import of the others, types included, as docs/architecture.md says. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  microsoft: [],
  common: [],
  components: ["common", "microsoft"],
  graph: ["common", "microsoft"],
  stack: ["common", "microsoft"],
  operations: ["common", "components", "graph", "microsoft", "stack"],
  cli: ["common", "components", "graph", "microsoft", "operations", "stack"],
  plugin: ["common", "components"],
  policy: ["common", "microsoft"],
  sandbox: ["common", "components", "graph", "microsoft", "operations", "stack"],
};

const sources = globSync(`{${Object.keys(mayImport).join(",")}}/**/*.{ts,mjs}`, {
  cwd: root,
  exclude: ["**/node_modules/**"],
});

it.each(Object.entries(mayImport))("lets %s/ import nothing of the repository but %j", (folder, others) => {
  const files = sources.filter((file) => file.startsWith(`${folder}/`));
  expect(files.length).toBeGreaterThan(0);
  const allowed = new Set([folder, ...others]);
  const breaches = files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => !allowed.has(folderOf(imported)))
      .map((imported) => `${file} imports ${imported}`),
  );
  expect(breaches).toEqual([]);
});

it("lets nobody import scripts, benchmarks, examples and the program, and the program the component alone", () => {
  const unimported = new Set(["scripts", "benchmarks", "examples", "index.ts"]);
  const own = globSync("{index.ts,tests/**/*.ts,examples/*/*.ts}", {
    cwd: root,
    exclude: ["**/node_modules/**"],
  });
  const breaches = [...sources, ...own].flatMap((file) =>
    importsOf(file)
      .filter((imported) => unimported.has(folderOf(imported)) && folderOf(imported) !== folderOf(file))
      .filter(() => !file.startsWith("tests/"))
      .map((imported) => `${file} imports ${imported}`),
  );
  expect(breaches).toEqual([]);
  expect(new Set(importsOf("index.ts").map(folderOf))).toEqual(new Set(["components"]));
});

it("has no circle of imports, types included", () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, above: readonly string[]): void => {
    if (above.includes(file)) circles.push([...above.slice(above.indexOf(file)), file].join(" -> "));
    if (above.includes(file) || done.has(file)) return;
    for (const imported of importsOf(file)) if (sources.includes(imported)) visit(imported, [...above, file]);
    done.add(file);
  };
  for (const file of sources) visit(file, []);
  expect(circles).toEqual([]);
});

function folderOf(file: string): string {
  return file.split("/")[0] ?? file;
}

/** The files that a file's relative imports lead to, below the repository. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(path.join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, specifier = ""]) =>
    path.posix.join(path.posix.dirname(file), specifier),
  );
}
