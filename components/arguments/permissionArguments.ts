import { isGuid } from "../../common/guid.ts";
import { type DeclaredPermission, isManageAsApp, wellKnownResources } from "../../microsoft/permissions.ts";
import { didYouMean, isRecord, type ReportProblem, reportRepeated, show } from "../problems.ts";
import { reportUnknownKeys } from "./argumentKeys.ts";

/** An application permission that is granted besides Exchange.ManageAsApp. */
export interface ApiPermissionArgs {
  /** The resource: a well-known name such as `MicrosoftGraph`, or the client id of its application. */
  readonly resource: string;
  /** The permission: its value such as `User.Read.All`, or the id of its app role. */
  readonly permission: string;
}

/**
 * Checks the permissions' form; whether the tenant's own resources offer them is looked up later.
 *
 * @param required what is granted anyway
 */
export function resolveApiPermissions(
  value: unknown,
  required: readonly DeclaredPermission[],
  report: ReportProblem,
): readonly DeclaredPermission[] {
  const path = "apiPermissions";
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    report(path, `must be a list, got ${show(value)}. Give [{ resource, permission }], or leave it out.`);
    return [];
  }
  const permissions = value.map((permission: unknown, index) =>
    resolveApiPermission(permission, `${path}[${index}]`, required, report),
  );
  reportRepeated(
    permissions.map((declared, index) => (declared === undefined ? String(index) : identityOf(declared))),
    path,
    "permission",
    report,
  );
  return permissions.filter((permission) => permission !== undefined);
}

function resolveApiPermission(
  value: unknown,
  path: string,
  required: readonly DeclaredPermission[],
  report: ReportProblem,
): DeclaredPermission | undefined {
  if (!isRecord(value)) {
    report(
      path,
      `must be an object, got ${show(value)}. Give { resource: "MicrosoftGraph", permission: "User.Read.All" }.`,
    );
    return undefined;
  }
  reportUnknownKeys(value, `${path}.`, report);
  const resourceAppId = resolveResource(value["resource"], `${path}.resource`, report);
  const { permission } = value;
  if (typeof permission !== "string" || permission.trim() === "") {
    report(
      `${path}.permission`,
      `must be a text, got ${show(permission)}. Give a value such as "User.Read.All", or the app role's id.`,
    );
    return undefined;
  }
  if (resourceAppId === undefined) return undefined;
  const declared = { resourceAppId, permission: permission.trim() };
  const isGranted = required.some((granted) => granted.resourceAppId === resourceAppId);
  if (isGranted && isManageAsApp(declared))
    report(path, "is Exchange.ManageAsApp, which is granted anyway. Remove it.");
  return declared;
}

function resolveResource(value: unknown, path: string, report: ReportProblem): string | undefined {
  if (typeof value === "string" && isGuid(value)) return value.toLowerCase();
  const names = Object.keys(wellKnownResources);
  const name = names.find(
    (known) => typeof value === "string" && known.toLowerCase() === value.toLowerCase(),
  );
  if (name !== undefined) return wellKnownResources[name];
  report(
    path,
    `must be a well-known resource or a client id, got ${show(value)}. ${didYouMean(value, names)}`,
  );
  return undefined;
}

/** Exchange.ManageAsApp is one permission by value and by id; of others only the tenant knows. */
function identityOf(declared: DeclaredPermission): string {
  const permission = isManageAsApp(declared) ? "" : declared.permission.toLowerCase();
  return `${declared.resourceAppId} ${permission}`;
}
