import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { pages, productFolders, root } from "./pages.ts";
import { firstCommand, wordsOf } from "./shellLine.ts";

// What `az` itself says of its commands; scripts/recordAzureCli.ts asks it.
const { commands } = JSON.parse(readFileSync(path.join(root, "tests/fixtures/azureCli.json"), "utf8")) as {
  readonly commands: Readonly<
    Record<string, { readonly options: readonly string[]; readonly required: readonly string[] }>
  >;
};

/** Each place that tells somebody to run `az`, or runs it: pages, messages, scripts. */
const lines = [
  ...pages,
  ...globSync([...productFolders.map((folder) => `${folder}/**/*.ts`), "examples/**/*.{sh,yml}"], {
    cwd: root,
    exclude: ["**/node_modules/**"],
  }),
].flatMap((file) => {
  const text = readFileSync(path.join(root, file), "utf8")
    .replaceAll(/\\\n\s*/g, "")
    // What propose.sh calls its function for it.
    .replaceAll(/\bazure_requests (?=[a-z])/g, "az repos pr ");
  return [...text.matchAll(/(?<![\w.$/-])az (?=[a-z])(.+)/g)].map(([, line = ""]) => ({
    file,
    command: firstCommand(line),
  }));
});

/** What the Azure CLI would refuse of a line; undefined for nothing. */
function problemOf(command: string): string | undefined {
  const words = wordsOf(command);
  const meant = Object.entries(commands).filter(([name]) => isCalled(name, words));
  if (meant.length === 0) return "is not recorded";
  const given = words.filter((word) => /^--?[a-z]/.test(word));
  const problems = meant.flatMap(([, { options, required }]) => [
    ...given.filter((option) => !options.some((names) => names.split(" ").includes(option))),
    // A function of a script adds the rest of its command.
    ...required.filter(
      (names) => !names.split(" ").some((name) => given.includes(name)) && !words.includes("$@"),
    ),
  ]);
  return problems.length > 0 ? `has a wrong or no ${problems.join(", ")}` : undefined;
}

/** Whether a line calls a command; one of its words may be known only when the line is used. */
function isCalled(name: string, words: readonly string[]): boolean {
  return name
    .split(" ")
    .every((word, index) => [word, "$@"].includes(words[index] ?? "") || words[index]?.startsWith("${"));
}

it("finds the lines in pages, messages and scripts", () => {
  expect(lines.map(({ file }) => file)).toEqual(
    expect.arrayContaining(["docs/deployer.md", "cli/views/exportView.ts", "graph/removal.ts"]),
  );
});

it("names only commands and options that the Azure CLI has, and all that they need", () => {
  const wrong = lines.map(({ file, command }) => ({ file, command, problem: problemOf(command) }));
  expect(wrong.filter(({ problem }) => problem !== undefined)).toEqual([]);
});

it("would notice a wrong one", () => {
  expect(problemOf("ad app create --display-name x --colour red")).toBe("has a wrong or no --colour");
  expect(problemOf("ad app credential delete --id x")).toBe("has a wrong or no --key-id");
  expect(problemOf("ad app paint --id x")).toBe("is not recorded");
});
