import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import ts from "typescript";
import { expect, test } from "vitest";

import { root } from "./pages.ts";

// `scripts/prose.ts` reads pages and help. What a command prints while it works is held to the same list of phrases here.

const { rules } = JSON.parse(readFileSync(path.join(root, ".textlintrc.json"), "utf8")) as {
  rules: { terminology: { terms: readonly (readonly [pattern: string, instead: string])[] } };
};
const phrases = rules.terminology.terms.map(
  ([pattern, instead]) => [new RegExp(`\\b(?:${pattern})(?!\\w)`, "i"), instead] as const,
);

/** What others say, which is recognized and not said. */
const ofOthers = new Set(["common/errorTexts.ts"]);

const sources = globSync(
  [
    "{cli,common,components,graph,operations,policy,stack}/**/*.ts",
    "sandbox/{commands,toolchain,workspace}/**/*.ts",
    "sandbox/*.ts",
    "scripts/bootstrap.mjs",
  ],
  { cwd: root },
).filter((file) => !ofOthers.has(file) && !/node_modules|\/dist\//.test(file));

/** The texts of a file that can be sentences, each with its line. */
function textsOf(file: string): readonly (readonly [line: number, text: string])[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(path.join(root, file), "utf8"),
    ts.ScriptTarget.Latest,
  );
  const found: (readonly [number, string])[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      if (node.text.includes(" ")) found.push([line + 1, node.text]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function wrongPhrases(texts: ReturnType<typeof textsOf>): readonly string[] {
  return texts.flatMap(([line, text]) =>
    phrases.flatMap(([phrase, instead]) => {
      const [wrong] = phrase.exec(text) ?? [];
      return wrong === undefined ? [] : [`${line}: "${wrong}" must be "${instead}"`];
    }),
  );
}

test("a phrase that pages may not have is found in a text", () => {
  expect(wrongPhrases([[7, "Delete it to begin anew."]])).toEqual(['7: "anew" must be "again"']);
});

test("no text that a person can read has a phrase that pages may not have", () => {
  expect(sources.length).toBeGreaterThan(300);
  const wrong = sources.flatMap((file) => wrongPhrases(textsOf(file)).map((one) => `${file}:${one}`));
  expect(wrong).toEqual([]);
});
