import * as v from "valibot";

import { didYouMean, type ReportProblem, reportRepeated, show } from "../problems.ts";
import { reportUnknownKeys } from "./argumentKeys.ts";
import { exchangeArgumentOf } from "./exchangeAccessArguments.ts";
import { mustBe, parse, parseList, record } from "./shape.ts";
import {
  type DirectoryRole,
  directoryRoles,
  type AppOnlyRole,
  appOnlyRoles,
  findRole,
  formerRoleNames,
  globalAdministratorTemplateId,
} from "../../microsoft/roles.ts";

/** A role for a user, such as the account that reads reports. */
export interface UserRoleAssignment {
  /** The user's principal name, such as `reports@contoso.com`. The user must exist. */
  readonly userPrincipalName: string;
  /** Any built-in role of Entra, by name (in uppercase or lowercase) or template ID. */
  readonly role: string;
}

/** `UserRoleAssignment` with the role found. */
export interface UserRoleAssignmentSettings {
  readonly userPrincipalName: string;
  readonly role: DirectoryRole;
}

const AssignmentObject = record(mustBe("be an object", "Give { userPrincipalName, role }."));

const userPrincipalNameProblem = mustBe(
  "be a user principal name",
  'Give one such as "reports@contoso.com".',
);
const UserPrincipalName = v.pipe(
  v.string(userPrincipalNameProblem),
  v.regex(/^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/, userPrincipalNameProblem),
);

/** Checks an argument that is true or false. */
export function resolveSwitch(
  path: string,
  value: unknown,
  byDefault: boolean,
  report: ReportProblem,
): boolean {
  const schema = v.optional(
    v.boolean(mustBe("be true or false", `Leave it out to use ${byDefault}.`)),
    byDefault,
  );
  return parse(schema, value, path, report) ?? byDefault;
}

/** Finds the application's roles, which must be among those that app-only authentication supports. */
export function resolveRoles(
  value: unknown,
  allowGlobalAdministrator: boolean,
  report: ReportProblem,
): readonly AppOnlyRole[] {
  const listed = value ?? ["Exchange Administrator"];
  const roles =
    parseList(listed, "roles", '["Exchange Administrator"]', report, (name, path) =>
      resolveRole(name, path, allowGlobalAdministrator, report),
    ) ?? [];
  reportRepeated(
    roles.map((role, index) => role?.templateId ?? String(index)),
    "roles",
    "role",
    report,
  );
  return roles.filter((role) => role !== undefined);
}

/** Finds one of the application's roles; undefined for any other name, which is reported. */
export function resolveRole(
  name: unknown,
  path: string,
  allowGlobalAdministrator: boolean,
  report: ReportProblem,
): AppOnlyRole | undefined {
  const role = typeof name === "string" ? findRole(appOnlyRoles, name) : undefined;
  if (role === undefined)
    reportUnknownRole(name, "role that app-only authentication supports", appOnlyRoles, path, report);
  else reportGlobalAdministrator(role, allowGlobalAdministrator, path, report);
  return role;
}

/** Finds the users' roles, which may be any built-in ones. */
export function resolveUserRoleAssignments(
  value: unknown,
  allowGlobalAdministrator: boolean,
  report: ReportProblem,
): readonly UserRoleAssignmentSettings[] {
  const path = "userRoleAssignments";
  if (value === undefined) return [];
  const assignments =
    parseList(value, path, "[{ userPrincipalName, role }]", report, (assignment, at) =>
      resolveUserRoleAssignment(assignment, at, allowGlobalAdministrator, report),
    ) ?? [];
  reportRepeated(
    assignments.map((assignment, index) =>
      assignment === undefined
        ? String(index)
        : `${assignment.userPrincipalName.toLowerCase()} ${assignment.role.templateId}`,
    ),
    path,
    "user and role",
    report,
  );
  return assignments.filter((assignment) => assignment !== undefined);
}

function resolveUserRoleAssignment(
  given: unknown,
  path: string,
  allowGlobalAdministrator: boolean,
  report: ReportProblem,
): UserRoleAssignmentSettings | undefined {
  const value = parse(AssignmentObject, given, path, report);
  if (value === undefined) return undefined;
  reportUnknownKeys(value, `${path}.`, report);
  const userPrincipalName = parse(
    UserPrincipalName,
    value["userPrincipalName"],
    `${path}.userPrincipalName`,
    report,
  );
  const name = value["role"];
  const role = typeof name === "string" ? findRole(directoryRoles, name) : undefined;
  if (role === undefined)
    reportUnknownRole(name, "built-in role of Entra", directoryRoles, `${path}.role`, report);
  else reportGlobalAdministrator(role, allowGlobalAdministrator, `${path}.role`, report);
  return role === undefined || userPrincipalName === undefined ? undefined : { userPrincipalName, role };
}

function reportUnknownRole(
  name: unknown,
  what: string,
  roles: readonly DirectoryRole[],
  path: string,
  report: ReportProblem,
): void {
  const argument = typeof name === "string" ? exchangeArgumentOf(name) : undefined;
  if (argument !== undefined && /^(?:roles|timedRoles)\[/.test(path)) {
    const kind = argument === "exchangeRoles" ? "a management role" : "a role group";
    return report(
      path,
      `is ${kind} of Exchange, not a role of Entra, got ${show(name)}. Name it in \`${argument}\`.`,
    );
  }
  const candidates = roles
    .filter(({ templateId }) => templateId !== globalAdministratorTemplateId)
    .map(({ displayName }) => displayName);
  const former = typeof name === "string" ? formerRoleNames[name.trim().toLowerCase()] : undefined;
  const hint = former === undefined ? didYouMean(name, candidates) : `Did you mean ${show(former)}?`;
  report(path, `must be a ${what}, got ${show(name)}. ${hint}`);
}

function reportGlobalAdministrator(
  role: DirectoryRole,
  allowGlobalAdministrator: boolean,
  path: string,
  report: ReportProblem,
): void {
  if (role.templateId !== globalAdministratorTemplateId || allowGlobalAdministrator) return;
  report(
    path,
    `is "Global Administrator", which Microsoft advises against. Choose a narrower role, or set \`allowGlobalAdministrator\` to true.`,
  );
}
