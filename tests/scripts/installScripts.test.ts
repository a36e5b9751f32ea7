import { readFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

import { repository } from "../../sandbox/workspace/sandboxFolder.ts";

/** Every package that wants to run something while it is installed, and why that is not needed: none is let. */
const reasons: Readonly<Record<string, string>> = {
  protobufjs: "it only warns where the package.json around it asks for another form of versions",
  "tree-sitter-powershell":
    "it builds the grammar for Node where no build fits, and the tests load the WebAssembly",
};

const read = (file: string): string => readFileSync(path.join(repository, file), "utf8");

test("npm runs no script of a package, with whatever command it installs", () => {
  expect(read(".npmrc")).toMatch(/^ignore-scripts=true$/m);
});

test("each package that has such a script is listed with a reason", () => {
  const found = new Set<string | undefined>();
  for (const lockfile of ["package-lock.json", "scripts/node/package-lock.json"]) {
    const { packages } = JSON.parse(read(lockfile)) as {
      packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
    };
    for (const [name, { hasInstallScript }] of Object.entries(packages)) {
      if (hasInstallScript === true) found.add(name.split("node_modules/").at(-1));
    }
  }
  expect(found).toEqual(new Set(Object.keys(reasons)));
});

test("no script of ours is one that npm runs by itself, since it runs none", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> };
  expect(Object.keys(scripts).filter((name) => /^(pre|post)|^(install|prepare)$/.test(name))).toEqual([]);
});
