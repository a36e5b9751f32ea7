import * as v from "valibot";

import type { ReportProblem } from "../../problems.ts";
import { mustBe, parse } from "../shape.ts";

/** Whose tokens a federated credential trusts. Entra compares both exactly, with upper and lower case. */
export interface Trusted {
  /** Who signs the token: its `iss`. */
  readonly issuer: string;
  /** What the token is about: its `sub`. */
  readonly subject: string;
}

/** The arguments of a platform before they are checked: of these names, and of any type. */
export type Unchecked<T> = Readonly<Partial<Record<keyof T, unknown>>>;

/** A text of a form. `pulumi config set --path` writes digits as a number. */
export function matching(pattern: RegExp, what: string, hint: string) {
  const message = mustBe(what, hint);
  return v.pipe(
    v.unknown(),
    v.transform((value) => (Number.isSafeInteger(value) ? String(value) : value)),
    v.string(message),
    v.regex(pattern, message),
  );
}

const Name = matching(
  /^[^\s*]+$/,
  "be a text without spaces and *",
  "Entra compares it exactly. Give one name.",
);

const NameWithSpaces = matching(
  /^[^\s*]([^*\n\r\t]*[^\s*])?$/,
  "be a text without *",
  "Entra compares it exactly. Give one name.",
);

/** A branch, a tag, or another name without spaces; undefined after a reported problem. */
export function nameOf(value: unknown, path: string, report: ReportProblem): string | undefined {
  return parse(Name, value, path, report);
}

/** The name of an environment, which may have spaces; undefined after a reported problem. */
export function environmentOf(value: unknown, path: string, report: ReportProblem): string | undefined {
  return parse(NameWithSpaces, value, path, report);
}
