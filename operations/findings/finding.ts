import type { ErrorCode } from "../../common/failure.ts";

/** How bad a finding is, the least first. */
export const severities = ["low", "medium", "high", "critical"] as const;

/** One of `severities`. */
export type Severity = (typeof severities)[number];

/** A kind of finding. */
export interface Rule {
  /** As in `EXO-AUDIT-APPLICATION-PASSWORD`. Never renamed. */
  readonly id: string;
  /** What it finds, as in "Client secret on the application". */
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters. */
  readonly why: string;
  /** Where that is from: an address. */
  readonly source: string;
}

/** Something that is not as declared. */
export interface Finding extends Rule {
  /** Which one of its kind it is; the same in every run, so that it can be accepted. */
  readonly subject: string;
  /** What was looked at when it was found: one of its section's `checks`. */
  readonly check: string;
  readonly found: string;
  readonly declared: string;
  /** The command that puts it right. */
  readonly remedy: string;
}

/** A finding that the project's baseline accepts. */
export interface AcceptedFinding extends Finding {
  readonly reason: string;
  /** The last day on which it is accepted, as in 2027-03-31. */
  readonly until: string;
}

/** Something that could not be looked at: neither a finding nor the absence of one. */
export interface Unread {
  readonly check: string;
  readonly reason: string;
  /** Whether a right is missing. */
  readonly denied: boolean;
  /** Whether the command does without that right, and only says so. @default false */
  readonly optional?: boolean;
  /** Present where nothing of the section could be looked at: which error it would be for a command with nothing else. */
  readonly code?: ErrorCode;
}

/** What was found in one component, or in the rest of a stack. */
export interface Section {
  readonly name: string;
  /** Everything that was to be looked at. */
  readonly checks: readonly string[];
  readonly findings: readonly Finding[];
  readonly accepted: readonly AcceptedFinding[];
  readonly unread: readonly Unread[];
  /** What is worth knowing without being a finding. */
  readonly notes: readonly string[];
}

/** Everything that a run found. */
export interface Report {
  readonly project: string;
  readonly stack: string;
  readonly sections: readonly Section[];
}
