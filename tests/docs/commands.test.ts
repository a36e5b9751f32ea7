import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { commands as exoAuthCommands } from "../../cli/commands.ts";
import { checks, testedPages } from "./commands.ts";
import { commandsOf, pages, read, root } from "./pages.ts";

const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

describe.each(pages)("%s", (page) => {
  it("has no command without a check", () => {
    const unchecked = commandsOf(page).filter(({ text }) => !(page in testedPages) && !(text in checks));
    expect(unchecked.map(({ line, text }) => `${page}:${line}: ${text}`)).toEqual([]);
  });

  it("names scripts of package.json that exist", () => {
    const named = [
      ...read(page).matchAll(/\bnpm (?:run )?(?:--silent )?(start|test|(?<=run (?:--silent )?)\w[\w:-]*)/g),
    ].map(([, name = ""]) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it("names commands of exo-auth that exist", () => {
    const known = new Set(exoAuthCommands.map(({ name }) => name));
    const named = [...read(page).matchAll(/`exo-auth ([a-z]+)|^exo-auth ([a-z]+)/gm)].map(
      ([, inline, line]) => inline ?? line ?? "",
    );
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

it("checks no command that no page has", () => {
  const all = new Set(pages.flatMap(commandsOf).map(({ text }) => text));
  expect(Object.keys(checks).filter((command) => !all.has(command))).toEqual([]);
  expect(Object.keys(testedPages).filter((page) => !pages.includes(page))).toEqual([]);
});

it("names tests that exist", () => {
  const tests = Object.values(checks).flatMap((check) =>
    typeof check === "object" && "testedBy" in check ? [check.testedBy] : [],
  );
  expect(tests.filter((test) => !existsSync(path.join(root, test)))).toEqual([]);
});

it.each(Object.entries(testedPages))("%s is read by %s", (page, test) => {
  const source = readFileSync(path.join(root, test), "utf8");
  expect(source).toContain("commandsOf(");
  // A test of several pages has the folder's name in a variable.
  expect(source).toContain(page.startsWith("examples/") ? `"${page.split("/")[1]}"` : `"${page}"`);
});
