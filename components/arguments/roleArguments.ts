import { didYouMean, isRecord, type ReportProblem, reportRepeated, show } from "../problems.ts";
import { reportUnknownKeys } from "./argumentKeys.ts";
import {
  type DirectoryRole,
  directoryRoles,
  type ExchangeRole,
  exchangeRoles,
  findRole,
  formerRoleNames,
  globalAdministratorTemplateId,
} from "../../microsoft/roles.ts";

/** A role for a user, such as the account that reads reports. */
export interface UserRoleAssignmentArgs {
  /** The user's principal name, such as `reports@contoso.com`. The user must exist. */
  readonly userPrincipalName: string;
  /** Any built-in role of Entra, by name (in any case) or template id. */
  readonly role: string;
}

/** `UserRoleAssignmentArgs` with the role found. */
export interface UserRoleAssignment {
  readonly userPrincipalName: string;
  readonly role: DirectoryRole;
}

/** Checks an argument that is true or false. */
export function resolveSwitch(
  path: string,
  value: unknown,
  byDefault: boolean,
  report: ReportProblem,
): boolean {
  if (value === undefined || typeof value === "boolean") return value ?? byDefault;
  report(path, `must be true or false, got ${show(value)}. Leave it out for ${byDefault}.`);
  return byDefault;
}

/** Finds the application's roles, which must be among those that app-only authentication supports. */
export function resolveRoles(
  value: unknown,
  allowGlobalAdministrator: boolean,
  report: ReportProblem,
): readonly ExchangeRole[] {
  const names: unknown = value ?? ["Exchange Administrator"];
  if (!Array.isArray(names)) {
    report("roles", `must be a list, got ${show(names)}. Give ["Exchange Administrator"], or leave it out.`);
    return [];
  }
  const roles = names.map((name: unknown, index) => {
    const path = `roles[${index}]`;
    const role = typeof name === "string" ? findRole(exchangeRoles, name) : undefined;
    if (role === undefined)
      reportUnknownRole(name, "role that app-only authentication supports", exchangeRoles, path, report);
    else reportGlobalAdministrator(role, allowGlobalAdministrator, path, report);
    return role;
  });
  reportRepeated(
    roles.map((role, index) => role?.templateId ?? String(index)),
    "roles",
    "role",
    report,
  );
  return roles.filter((role) => role !== undefined);
}

/** Finds the users' roles, which may be any built-in ones. */
export function resolveUserRoleAssignments(
  value: unknown,
  allowGlobalAdministrator: boolean,
  report: ReportProblem,
): readonly UserRoleAssignment[] {
  const path = "userRoleAssignments";
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    report(path, `must be a list, got ${show(value)}. Give [{ userPrincipalName, role }], or leave it out.`);
    return [];
  }
  const assignments = value.map((assignment: unknown, index) =>
    resolveUserRoleAssignment(assignment, `${path}[${index}]`, allowGlobalAdministrator, report),
  );
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
  value: unknown,
  path: string,
  allowGlobalAdministrator: boolean,
  report: ReportProblem,
): UserRoleAssignment | undefined {
  if (!isRecord(value)) {
    report(path, `must be an object, got ${show(value)}. Give { userPrincipalName, role }.`);
    return undefined;
  }
  reportUnknownKeys(value, `${path}.`, report);
  const { userPrincipalName, role: name } = value;
  const isUserPrincipalName =
    typeof userPrincipalName === "string" && /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/.test(userPrincipalName);
  if (!isUserPrincipalName) {
    report(
      `${path}.userPrincipalName`,
      `must be a user principal name, got ${show(userPrincipalName)}. Give one such as "reports@contoso.com".`,
    );
  }
  const role = typeof name === "string" ? findRole(directoryRoles, name) : undefined;
  if (role === undefined)
    reportUnknownRole(name, "built-in role of Entra", directoryRoles, `${path}.role`, report);
  else reportGlobalAdministrator(role, allowGlobalAdministrator, `${path}.role`, report);
  return role === undefined || !isUserPrincipalName ? undefined : { userPrincipalName, role };
}

function reportUnknownRole(
  name: unknown,
  what: string,
  roles: readonly DirectoryRole[],
  path: string,
  report: ReportProblem,
): void {
  const candidates = roles.map(({ displayName }) => displayName);
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
