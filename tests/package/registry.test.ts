import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { root } from "../docs/pages.ts";

// What Pulumi's registry reads of a release: its schema and two pages. Its rules are those of pulumi/registry, which the
// checks of a pull request there apply.
const read = (file: string): string => readFileSync(path.join(root, "plugin", file), "utf8");
const schema = JSON.parse(read("schema.json")) as Readonly<Record<string, unknown>>;
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as Readonly<
  Record<string, unknown>
>;
const pages = ["docs/_index.md", "docs/installation-configuration.md"];

it("the schema has what the registry asks for, and says that the package is a component", () => {
  const { name, version, description, license } = manifest;
  expect(schema).toMatchObject({ name, version, description, license, publisher: "exchange-auth" });
  expect(schema["displayName"]).toBe("Exchange app-only authentication");
  expect(schema["keywords"]).toEqual(expect.arrayContaining(["category/cloud", "kind/component"]));
});

it("the sources name no repository, because only a release knows its own", () => {
  for (const field of ["homepage", "repository", "logoUrl", "pluginDownloadURL"])
    expect(schema).not.toHaveProperty(field);
});

it("the logo is a square PNG, which is what NuGet takes too", () => {
  const logo = readFileSync(path.join(root, "plugin/logo.png"));
  expect(logo.subarray(1, 4).toString("latin1")).toBe("PNG");
  expect([logo.readUInt32BE(16), logo.readUInt32BE(20)]).toEqual([128, 128]);
});

describe.each(pages)("the page %s", (page) => {
  it("begins with a front matter of title, description and layout", () => {
    expect(read(page)).toMatch(/^---\ntitle: "[^"\n]+"\nmeta_desc: "[^"\n]+"\nlayout: package\n---\n\n/);
    const [, description = ""] = /meta_desc: "(.*)"/.exec(read(page)) ?? [];
    expect(description.length).toBeLessThanOrEqual(160);
  });

  it("has no link and no image that is relative, because the registry renders it elsewhere", () => {
    const targets = [...read(page).matchAll(/\]\(([^)]*)\)|\b(?:href|src)="([^"]*)"/g)].map(
      ([, link, attribute]) => link ?? attribute ?? "",
    );
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !target.startsWith("https://"))).toEqual([]);
  });

  it("closes each of its shortcodes", () => {
    const open = [...read(page).matchAll(/\{\{[<%] (\/?)(\w+)/g)].reduce<string[]>(
      (left, [, end, name = ""]) => {
        if (end === "") return [...left, name];
        expect(left.at(-1)).toBe(name);
        return left.slice(0, -1);
      },
      [],
    );
    expect(open).toEqual([]);
  });
});

it("the overview has the program in each language of its chooser", () => {
  const overview = read("docs/_index.md");
  const [, chosen = ""] = /\{\{< chooser language "([^"]*)" >\}\}/.exec(overview) ?? [];
  const programs = [
    ...overview.matchAll(
      /\{\{% choosable language (\w+) %\}\}\n\n```(\w+)\n([^]*?)\n```\n\n\{\{% \/choosable %\}\}/g,
    ),
  ];
  expect(programs.map(([, language]) => language)).toEqual(chosen.split(","));
  expect(programs.map(([, , fence]) => fence)).toEqual(["ts", "yaml", "python", "go"]);
  for (const [, , , program] of programs) expect(program).toContain("ExchangeAppOnlyAuth");
});

it("the pages add the package's own version", () => {
  const added = pages.flatMap((page) => [...read(page).matchAll(/github\.com\/OWNER\/REPOSITORY@([\w.]+)/g)]);
  expect(added.map(([, version]) => version)).toEqual([manifest["version"], manifest["version"]]);
});
