import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { commands as exoAuthCommands } from "../../cli/commands.ts";
import { checks, testedPages } from "./commands.ts";
import { commandsOf, pages, read, root } from "./pages.ts";
import { hasPattern } from "./shellLine.ts";

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

  it("quotes patterns, which a shell would take for file names", () => {
    const inline = [...read(page).matchAll(/`((?:az|exo-auth|gh|git|node|npm|openssl|pulumi) [^`\n]+)`/g)];
    const lines = [...commandsOf(page).map(({ text }) => text), ...inline.map(([, code = ""]) => code)];
    expect(lines.filter(hasPattern)).toEqual([]);
  });

  it("gives commands of exo-auth only options that they have", () => {
    const wrong = [...read(page).matchAll(/\bexo-auth ((?:fleet )?[a-z]+)( [^`\n|&;>)]*)/g)].flatMap(
      ([line, name, rest = ""]) => {
        const options = exoAuthCommands.find((command) => command.name === name)?.options ?? {};
        const given = [...rest.matchAll(/(?<=\s)--([\w-]+)/g)].map(([, option = ""]) => option);
        return given.every((option) => option in options) ? [] : [line];
      },
    );
    expect(wrong).toEqual([]);
  });

  it("names commands of exo-auth that exist", () => {
    const known = new Set(exoAuthCommands.map(({ name }) => name));
    const named = [
      ...read(page).matchAll(/`exo-auth ((?:fleet )?[a-z]+)|^exo-auth ((?:fleet )?[a-z]+)/gm),
    ].map(([, inline, line]) => inline ?? line ?? "");
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

it("checks no command that no page has", () => {
  const all = new Set(pages.flatMap(commandsOf).map(({ text }) => text));
  expect(Object.keys(checks).filter((command) => !all.has(command))).toEqual([]);
  expect(Object.keys(testedPages).filter((page) => !pages.includes(page))).toEqual([]);
});

it("names tests that run them", () => {
  const wrong = Object.entries(checks).filter(([, check]) => {
    if (typeof check !== "object" || !("testedBy" in check)) return false;
    const test = path.join(root, check.testedBy);
    return !existsSync(test) || !readFileSync(test, "utf8").includes(check.runs);
  });
  expect(wrong).toEqual([]);
});

it.each(Object.entries(testedPages))("%s is read by %s", (page, test) => {
  const source = readFileSync(path.join(root, test), "utf8");
  expect(source).toContain("commandsOf(");
  // A test of several pages has the folder's name in a variable.
  expect(source).toContain(page.startsWith("examples/") ? `"${page.split("/")[1]}"` : `"${page}"`);
});
