import * as v from "valibot";

import { timeText } from "../../common/time.ts";
import type { AppOnlyRole } from "../../microsoft/roles.ts";
import { type ReportProblem, reportRepeated, show } from "../problems.ts";
import { reportUnknownKeys } from "./argumentKeys.ts";
import { resolveRole } from "./roleArguments.ts";
import { mustBe, parse, parseList, record } from "./shape.ts";

/** A role of Entra that the application holds until a time. */
export interface TimedRole {
  /** The role's name in Entra (in uppercase or lowercase) or its template ID. It must support app-only authentication. */
  readonly role: string;
  /**
   * When the role ends: a date such as `2027-01-31`, which means its start in UTC, or a time such as
   * `2027-01-31T18:00:00Z`.
   */
  readonly until: string;
}

/** `TimedRole` with the role found. */
export interface TimedRoleSettings {
  readonly role: AppOnlyRole;
  /** RFC 3339 in UTC, whole seconds. */
  readonly until: string;
}

const Entry = record(mustBe("be an object", 'Give { role: "Exchange Administrator", until: "2027-01-31" }.'));

const untilProblem = mustBe(
  "be a date or a time",
  'Give one such as "2027-01-31" or "2027-01-31T18:00:00Z".',
);
const Until = v.pipe(
  v.string(untilProblem),
  v.transform(asWritten),
  v.regex(/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2}))?$/, untilProblem),
  v.check(isOfCalendar, untilProblem),
  v.transform((text) => timeText(Date.parse(text))),
);

/**
 * Finds the roles that the application holds until a time. A time that has passed is no problem: the program stays right
 * when the role has ended.
 *
 * @param roles those that it holds without an end, by place
 */
export function resolveTimedRoles(
  value: unknown,
  roles: readonly AppOnlyRole[],
  allowGlobalAdministrator: boolean,
  report: ReportProblem,
): readonly TimedRoleSettings[] {
  const path = "timedRoles";
  if (value === undefined) return [];
  const found =
    parseList(value, path, '[{ role: "Exchange Administrator", until: "2027-01-31" }]', report, (item, at) =>
      resolveTimedRole(item, at, allowGlobalAdministrator, report),
    ) ?? [];
  reportRepeated(
    found.map((one, index) => one?.role?.templateId ?? String(index)),
    path,
    "role",
    report,
  );
  for (const [index, one] of found.entries()) {
    const { role } = one ?? {};
    if (role !== undefined && roles.some(({ templateId }) => templateId === role.templateId))
      report(
        `${path}[${index}].role`,
        `is ${show(role.displayName)}, which \`roles\` has too, without an end. Remove one of the two.`,
      );
  }
  return found.flatMap((one) =>
    one?.role === undefined || one.until === undefined ? [] : [{ role: one.role, until: one.until }],
  );
}

function resolveTimedRole(
  given: unknown,
  path: string,
  allowGlobalAdministrator: boolean,
  report: ReportProblem,
): { readonly role: AppOnlyRole | undefined; readonly until: string | undefined } | undefined {
  const value = parse(Entry, given, path, report);
  if (value === undefined) return undefined;
  reportUnknownKeys(value, `${path}.`, report);
  return {
    role: resolveRole(value["role"], `${path}.role`, allowGlobalAdministrator, report),
    until: parse(Until, value["until"], `${path}.until`, report),
  };
}

/**
 * A date without quotes in a settings file is a time to YAML, which reaches the program as Go writes it:
 * `2027-01-31 00:00:00 +0000 UTC`.
 */
function asWritten(text: string): string {
  return text.replace(
    /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.\d+)? ([+-]\d{2})(\d{2})(?: \S+)?$/,
    "$1T$2$3:$4",
  );
}

/** Whether the calendar has the date and the clock has the time: JavaScript counts February 30th as March 2nd. */
function isOfCalendar(text: string): boolean {
  const date = text.slice(0, 10);
  const day = Date.parse(`${date}T00:00:00Z`);
  return (
    !Number.isNaN(Date.parse(text)) && !Number.isNaN(day) && new Date(day).toISOString().slice(0, 10) === date
  );
}
