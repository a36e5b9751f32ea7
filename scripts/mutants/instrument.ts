import { readFileSync } from "node:fs";

import { Instrumenter } from "@stryker-mutator/instrumenter";

/** One change of one decision in a source file. */
export interface Mutant {
  readonly id: string;
  /** Relative to the repository. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Stryker's name for the kind of change, such as `ConditionalExpression`. */
  readonly kind: string;
  readonly original: string;
  readonly replacement: string;
}

/** Texts, tables and defaults have tests that state them as they are; what is tried here is what decides. */
const notDecisions = ["StringLiteral", "ObjectLiteral", "ArrayDeclaration"];

/** The files' mutants, and each file's text in which the active one is chosen when the code runs. */
export async function instrument(
  files: readonly string[],
): Promise<{ readonly mutants: readonly Mutant[]; readonly texts: ReadonlyMap<string, string> }> {
  const sources = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));
  const instrumented = await new Instrumenter(silentLogger).instrument(
    [...sources].map(([name, content]) => ({ name, content, mutate: true })),
    { plugins: null, excludedMutations: notDecisions, ignorers: [] },
  );
  const mutants = instrumented.mutants
    .filter(({ status }) => status === undefined)
    .map(({ id, fileName, location, mutatorName, replacement }) => ({
      id,
      file: fileName,
      line: location.start.line + 1,
      kind: mutatorName,
      original: textAt(sources.get(fileName) ?? "", location),
      replacement: replacement ?? "",
    }));
  return { mutants, texts: new Map(instrumented.files.map(({ name, content }) => [name, content])) };
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** Lines and columns from 0. */
function textAt(
  source: string,
  { start, end }: { readonly start: Position; readonly end: Position },
): string {
  const lines = source.split("\n").slice(start.line, end.line + 1);
  const last = lines.length - 1;
  return lines
    .map((line, index) => line.slice(index === 0 ? start.column : 0, index === last ? end.column : undefined))
    .join("\n");
}

const silent = (): void => {};
const off = (): boolean => false;

const silentLogger: ConstructorParameters<typeof Instrumenter>[0] = {
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
  isTraceEnabled: off,
  isDebugEnabled: off,
  isInfoEnabled: off,
  isWarnEnabled: off,
  isErrorEnabled: off,
  isFatalEnabled: off,
};
