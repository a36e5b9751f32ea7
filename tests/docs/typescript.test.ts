import path from "node:path";

import ts from "typescript";
import { expect, it } from "vitest";

import { type Block, blocksOf, pages, referencePages, root } from "./pages.ts";

/** Each block is a module of its own in the root, under a name that tells where it comes from. */
const blocks = new Map(
  [...pages, ...referencePages]
    .flatMap(blocksOf)
    .filter(({ language }) => language === "ts")
    .map((block) => [fileOf(block), block]),
);

function fileOf({ page, line }: Block): string {
  return path.posix.join(root.replaceAll(path.sep, "/"), `${page.replaceAll("/", "+")}-line-${line}.ts`);
}

/** What the compiler says about the blocks, under the repository's own strict settings. */
function problems(): readonly string[] {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const settings: ts.CompilerOptions = {
    ...options,
    // A page shows what matters, and may leave what it declares to the reader.
    noUnusedLocals: false,
    paths: { "exchange-auth": [path.join(root, "components/index.ts")] },
  };
  const disk = ts.createCompilerHost(settings);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => blocks.has(file) || disk.fileExists(file),
    readFile: (file) => blocks.get(file)?.text ?? disk.readFile(file),
    getSourceFile: (file, target) => {
      const block = blocks.get(file);
      return block === undefined
        ? disk.getSourceFile(file, target)
        : ts.createSourceFile(file, block.text, target);
    },
  };
  const program = ts.createProgram([...blocks.keys()], settings, host);
  return [...blocks.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${path.basename(file)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  });
}

it("type-checks every TypeScript block of the pages", () => {
  expect([...blocks.values()].map(({ page }) => page)).toContain("README.md");
  expect(problems()).toEqual([]);
});
