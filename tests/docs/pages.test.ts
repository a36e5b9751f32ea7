import { existsSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { blocksOf, pages, read, referencePages, root } from "./pages.ts";

/** What a block's language says about how it is checked; `text` and the others are shown only. */
const languages = new Set(["ts", "sh", "text", "mermaid", "powershell", "yaml", "json", "python", "go"]);

/** Pages that are made from tables and results, and the list of changes. */
const longPages = new Set(["CHANGELOG.md", "docs/benchmarks.md", "sandbox/docs/differences.md"]);

it("finds the pages", () => {
  const known = ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "examples/basic/README.md"];
  expect(pages.filter((page) => known.includes(page))).toEqual(known.toSorted());
});

describe.each(pages)("%s", (page) => {
  it("has fences only at the start of a line, each with a known language", () => {
    const fences = read(page).match(/^\s*(```|~~~)/gm) ?? [];
    const blocks = blocksOf(page);
    expect(fences.length).toBe(2 * blocks.length);
    expect(blocks.map(({ language }) => language).filter((language) => !languages.has(language))).toEqual([]);
  });

  it("links to what exists", () => {
    expect(linksOf(page).filter((link) => !exists(page, link))).toEqual([]);
  });

  it("names files of this repository that exist", () => {
    const named = [...prose(page).matchAll(/`([\w.@-]+\/[\w./@-]*)`/g)].map(([, name = ""]) => name);
    const own = named.filter((name) => ownFolders.has(name.split("/")[0] ?? ""));
    expect(own.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });
});

it.each(pages.filter((page) => !longPages.has(page)))("%s has 1,500 words at most", (page) => {
  const words = read(page)
    .split(/\s+/)
    .filter((word) => /\w/.test(word));
  expect(words.length).toBeLessThanOrEqual(1500);
});

it("takes no page of the reference for one that people write", () => {
  expect(pages.filter((page) => referencePages.includes(page))).toEqual([]);
});

const ownFolders = new Set([
  "benchmarks",
  "cli",
  "common",
  "components",
  "docs",
  "examples",
  "graph",
  "microsoft",
  "operations",
  "sandbox",
  "scripts",
  "stack",
  "tests",
]);

function prose(page: string): string {
  return read(page).replaceAll(/^```.*\n[^]*?^```$/gm, "");
}

function linksOf(page: string): readonly string[] {
  return [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^https?:/.test(link));
}

/** Whether the file is there and, where the link names one, its heading. */
function exists(page: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? page : path.posix.join(path.posix.dirname(page), file);
  if (!existsSync(path.join(root, target))) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
}

/** The names that GitHub gives to headings. */
function anchorsOf(page: string): readonly string[] {
  return [...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(/\s/g, "-"),
  );
}
