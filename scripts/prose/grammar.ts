import { Dialect, LocalLinter } from "harper.js";
import { binary } from "harper.js/binary";

import { dictionary } from "./dictionary.ts";

/** Rules that are a matter of taste, or wrong in tables and technical text, such as "findings" as a mass noun. */
const disabled = [
  "CompoundNouns",
  "Dashes",
  "DiscourseMarkers",
  "DisjointPrefixes",
  "ExpandControl",
  "ExpandMemoryShorthands",
  "ExpandTimeShorthands",
  "LongSentences",
  "MassNouns",
  "MissingPreposition",
  "MissingTo",
  "MultipleFrequencyAdverbs",
  "OrthographicConsistency",
  "OxfordComma",
  "SentenceCapitalization",
  "SplitWords",
  "ThereIsAgreement",
  "UseTitleCase",
  "WrongNegative",
];

/** Makes a check of a page's grammar and spelling, which gives one line for each problem, as `LINE: MESSAGE`. */
export async function createGrammarCheck(): Promise<(page: string) => Promise<readonly string[]>> {
  const linter = new LocalLinter({ binary, dialect: Dialect.American });
  await linter.setup();
  const rules = await linter.getLintConfig();
  await linter.setLintConfig({ ...rules, ...Object.fromEntries(disabled.map((rule) => [rule, false])) });
  return async (page) => {
    const text = withoutCode(page);
    const lints = await linter.lint(text, { language: "markdown" });
    return lints
      .filter((lint) => lint.lint_kind() !== "Spelling" || !isTerm(lint.get_problem_text()))
      .map((lint) => {
        const line = text.slice(0, lint.span().start).split("\n").length;
        return `${line}: ${lint.message()} ("${lint.get_problem_text()}")`;
      });
  };
}

/** Whether a word is an identifier, such as `keyCredential`, `AADSTS50013` or `PFX`, or of the dictionary. */
export function isTerm(word: string): boolean {
  const singular = word.replace(/['’]s$/, "");
  return (
    /[a-z][A-Z]|[A-Z]{2}|\d/.test(singular) || dictionary.has(singular.toLowerCase()) || singular.length < 3
  );
}

/** The page with its blocks of code emptied, so that line numbers stay. */
function withoutCode(page: string): string {
  return page.replaceAll(/^```.*\n[^]*?^```$/gm, (block) => block.replaceAll(/[^\n]/g, ""));
}
