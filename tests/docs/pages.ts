import { globSync, readFileSync } from "node:fs";
import path from "node:path";

/** The folders whose code the product is made of: what a copy of it needs. */
export const productFolders: readonly string[] = [
  "cli",
  "common",
  "components",
  "graph",
  "microsoft",
  "operations",
  "stack",
];

export const root = path.dirname(path.dirname(import.meta.dirname));

/** A fenced block of a page. */
export interface Block {
  /** The page's path from the root, and the line that the block's text begins in. */
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** Every page that people read, by its path from the root, but docs/reference, which is made from comments of the sources. */
export const pages: readonly string[] = globSync(
  ["*.md", "docs/**/*.md", "examples/**/*.md", "sandbox/**/*.md"],
  { cwd: root },
)
  .map((page) => page.replaceAll(path.sep, "/"))
  .filter((page) => !page.startsWith("docs/reference/") && !/(^|\/)(node_modules|sdks|venv)\//.test(page))
  .toSorted();

/** The pages that are made from the sources. */
export const referencePages: readonly string[] = globSync("docs/reference/**/*.md", { cwd: root })
  .map((page) => page.replaceAll(path.sep, "/"))
  .toSorted();

/** A page's text. */
export function read(page: string): string {
  return readFileSync(path.join(root, page), "utf8");
}

/** The fenced blocks of a page, in order. Fences stand at the start of a line. */
export function blocksOf(page: string): readonly Block[] {
  const text = read(page);
  return [...text.matchAll(/^```(.*)\n([^]*?)^```$/gm)].map(({ 1: language = "", 2: block = "", index }) => ({
    page,
    line: text.slice(0, index).split("\n").length + 1,
    language,
    text: block,
  }));
}

/** A command as a reader would type it. */
export interface Command {
  readonly page: string;
  readonly line: number;
  readonly text: string;
}

/** The commands of a page: the lines of its `sh` blocks, without comments; a backslash joins lines. */
export function commandsOf(page: string): readonly Command[] {
  return blocksOf(page)
    .filter(({ language }) => language === "sh")
    .flatMap(({ line, text }) =>
      text
        .replaceAll(/\\\n\s*/g, "")
        .split("\n")
        .map((command) => ({ page, line, text: command.replace(/(^|\s)#.*$/, "").trim() })),
    )
    .filter(({ text }) => text !== "");
}
