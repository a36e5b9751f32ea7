/**
 * Checks the English of README, docs and help: terms, phrases and length of sentences with textlint, articles and
 * agreement with Harper. Then it reports the words a sentence. Help is checked as the pages that are made from it.
 *
 * Usage: node scripts/prose.ts [PAGE …]
 */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import { createLinter, loadLinterFormatter, loadTextlintrc } from "textlint";

import { createGrammarCheck } from "./prose/grammar.ts";
import { averageOf, sentenceLengths } from "./prose/sentences.ts";

const root = path.dirname(import.meta.dirname);
/** The average that a page may have at most. */
const mostWords = 18;

/** Pages that are not read as prose: figures, and lines that complete a sentence. */
const unread = new Set(["CHANGELOG.md", "docs/benchmarks.md"]);

const given = process.argv.slice(2);
const pages = given.length > 0 ? given : allPages();

const linter = createLinter({
  descriptor: await loadTextlintrc({ configFilePath: path.join(root, ".textlintrc.json") }),
});
const results = await linter.lintFiles(pages.map((page) => path.join(root, page)));
const formatter = await loadLinterFormatter({ formatterName: "unix" });
const problems = results.some(({ messages }) => messages.length > 0) ? [formatter.format(results)] : [];

const checkGrammar = await createGrammarCheck();
const lengths: number[] = [];
for (const page of pages) {
  const text = readFileSync(path.join(root, page), "utf8");
  for (const problem of await checkGrammar(text)) problems.push(`${page}:${problem}`);
  const own = sentenceLengths(text);
  lengths.push(...own);
  if (averageOf(own) > mostWords)
    problems.push(`${page}: ${averageOf(own)} words a sentence, at most ${mostWords}`);
}

process.stdout.write(
  `${pages.length} pages, ${lengths.length} sentences, ${averageOf(lengths)} words a sentence\n`,
);
if (problems.length > 0) {
  process.stderr.write(`${problems.join("\n")}\n`);
  process.exitCode = 1;
}

/** Every page that people read as prose, but those that are made from comments of the sources. */
function allPages(): readonly string[] {
  return globSync(["*.md", "docs/**/*.md", "examples/**/*.md", "sandbox/**/*.md"], { cwd: root })
    .map((page) => page.replaceAll(path.sep, "/"))
    .filter(
      (page) =>
        !unread.has(page) &&
        !page.startsWith("docs/reference/") &&
        !/(^|\/)(node_modules|sdks|venv)\//.test(page),
    )
    .toSorted();
}
