import * as v from "valibot";

import { hasInvisible, visible } from "../../../common/foreignText.ts";
import { type ReportProblem, show } from "../../problems.ts";
import { mustBe, parse } from "../shape.ts";

/** How long issuer, subject and audience may be. Source: Microsoft Graph, resource type federatedIdentityCredential. */
export const maximumLength = 600;

const issuerProblem = mustBe(
  `be an https:// address of at most ${maximumLength} characters, without a query`,
  "Give it exactly as the token's `iss` has it. In a job, `exo-auth token --show-claims` prints it.",
);
/** A letter of another alphabet makes another host that looks the same. */
const asciiProblem = mustBe(
  "have letters, digits and signs of ASCII alone",
  "If the host has others, give its name in Punycode, which begins with xn--.",
  (value) => show(value).replaceAll(/[^ -~]/gu, (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`),
);
const Issuer = v.pipe(
  v.string(issuerProblem),
  v.maxLength(maximumLength, issuerProblem),
  v.regex(/^https:\/\/[^\s/*?#@]+(\/[^\s*?#]*)?$/, issuerProblem),
  v.regex(/^[!-~]*$/, asciiProblem),
);

const subjectProblem = mustBe(
  `be a text of 1 to ${maximumLength} characters without *`,
  "Entra compares it exactly. Give it as the token's `sub` has it. In a job, `exo-auth token --show-claims` prints it.",
);
/** With one, a branch that anybody may make looks like a protected one. */
const invisibleProblem = mustBe("have no invisible character", "Type it again.", (value) =>
  visible(show(value)),
);
const Subject = v.pipe(
  v.string(subjectProblem),
  v.maxLength(maximumLength, subjectProblem),
  v.regex(/^[^\s*]([^*\n\r\t]*[^\s*])?$/, subjectProblem),
  v.check((text) => !hasInvisible(text), invisibleProblem),
);

/** An issuer as Entra takes it; undefined after a reported problem. */
export function issuerOf(value: unknown, path: string, report: ReportProblem): string | undefined {
  return parse(Issuer, value, path, report);
}

/** A subject as Entra takes it; undefined after a reported problem. */
export function subjectOf(value: unknown, path: string, report: ReportProblem): string | undefined {
  return parse(Subject, value, path, report);
}
