import { Dialect, LocalLinter } from "harper.js";
import { binary } from "harper.js/binary";

import { dictionary } from "./dictionary.ts";

/** What Harper looks for: articles, agreement, spelling. Its taste in style is not ours. */
const kinds = new Set(["Agreement", "Eggcorn", "Grammar", "Malapropism", "Repetition", "Spelling", "Typo"]);
/** What it gets wrong in technical text: "a finding", names in camel case. */
const disabled = ["MassNouns", "SplitWords"];

/** Checks a page's grammar and spelling; gives one line for each problem, as `LINE: MESSAGE`. */
export async function createGrammarCheck(): Promise<(page: string) => Promise<readonly string[]>> {
  const linter = new LocalLinter({ binary, dialect: Dialect.American });
  await linter.setup();
  const rules = await linter.getLintConfig();
  await linter.setLintConfig({ ...rules, ...Object.fromEntries(disabled.map((rule) => [rule, false])) });
  await linter.importWords([...dictionary]);
  return async (page) => {
    const text = withoutCode(page);
    const lints = await linter.lint(text, { language: "markdown" });
    return lints
      .filter((lint) => kinds.has(lint.lint_kind()))
      .map((lint) => {
        const line = text.slice(0, lint.span().start).split("\n").length;
        return `${line}: ${lint.message()} ("${lint.get_problem_text()}")`;
      });
  };
}

/** The page with its blocks of code emptied and its identifiers in words quoted, so that line numbers stay. */
function withoutCode(page: string): string {
  return page.replaceAll(/^```.*\n[^]*?^```$/gm, (block) => block.replaceAll(/[^\n]/g, ""));
}
