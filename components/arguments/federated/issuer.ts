import * as v from "valibot";

import type { ReportProblem } from "../../problems.ts";
import { mustBe, parse } from "../shape.ts";

/** How long issuer, subject and audience may be. Source: Microsoft Graph, resource type federatedIdentityCredential. */
export const maximumLength = 600;

const issuerProblem = mustBe(
  `be an https:// address of at most ${maximumLength} characters, without a query`,
  "Give it exactly as the token's `iss` has it. In a job, `exo-auth token --show-claims` prints it.",
);
const Issuer = v.pipe(
  v.string(issuerProblem),
  v.maxLength(maximumLength, issuerProblem),
  v.regex(/^https:\/\/[^\s/*?#@]+(\/[^\s*?#]*)?$/, issuerProblem),
);

const subjectProblem = mustBe(
  `be a text of 1 to ${maximumLength} characters without *`,
  "Entra compares it exactly. Give it as the token's `sub` has it. In a job, `exo-auth token --show-claims` prints it.",
);
const Subject = v.pipe(
  v.string(subjectProblem),
  v.maxLength(maximumLength, subjectProblem),
  v.regex(/^[^\s*]([^*\n\r\t]*[^\s*])?$/, subjectProblem),
);

/** An issuer as Entra takes it; undefined after a reported problem. */
export function issuerOf(value: unknown, path: string, report: ReportProblem): string | undefined {
  return parse(Issuer, value, path, report);
}

/** A subject as Entra takes it; undefined after a reported problem. */
export function subjectOf(value: unknown, path: string, report: ReportProblem): string | undefined {
  return parse(Subject, value, path, report);
}
