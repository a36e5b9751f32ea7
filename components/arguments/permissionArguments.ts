import * as v from "valibot";

import { isGuid } from "../../common/guid.ts";
import {
  type DeclaredPermission,
  exchangeOnlineProtection,
  isManageAsApp,
  wellKnownResources,
} from "../../microsoft/permissions.ts";
import { didYouMean, type ReportProblem, reportRepeated } from "../problems.ts";
import { reportUnknownKeys } from "./argumentKeys.ts";
import { mustBe, parse, parseList, record } from "./shape.ts";

/** An application permission in addition to Exchange.ManageAsApp. */
export interface ApiPermission {
  /** The service that offers the permission: a well-known name such as `MicrosoftGraph`, or its client ID. */
  readonly resource: string;
  /** The permission: its value, such as `User.Read.All`, or the ID of its app role. */
  readonly permission: string;
}

const ApiPermissionObject = record(
  mustBe("be an object", 'Give { resource: "MicrosoftGraph", permission: "User.Read.All" }.'),
);

const permissionProblem = mustBe("be a text", 'Give a value such as "User.Read.All", or the app role\'s ID.');
const Permission = v.pipe(v.string(permissionProblem), v.regex(/\S/, permissionProblem), v.trim());

const resourceNames = Object.keys(wellKnownResources);
const resourceProblem = mustBe("be a well-known resource or a client ID", (value) =>
  didYouMean(value, resourceNames),
);
/** A resource's client ID, given so or by its well-known name. */
const Resource = v.pipe(
  v.string(resourceProblem),
  v.check((value) => isGuid(value) || wellKnownId(value) !== undefined, resourceProblem),
  v.transform((value) => wellKnownId(value) ?? value.toLowerCase()),
);

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
  const permissions =
    parseList(value, path, "[{ resource, permission }]", report, (permission, at) =>
      resolveApiPermission(permission, at, required, report),
    ) ?? [];
  reportRepeated(
    permissions.map((declared, index) => (declared === undefined ? String(index) : identityOf(declared))),
    path,
    "permission",
    report,
  );
  return permissions.filter((permission) => permission !== undefined);
}

function resolveApiPermission(
  given: unknown,
  path: string,
  required: readonly DeclaredPermission[],
  report: ReportProblem,
): DeclaredPermission | undefined {
  const value = parse(ApiPermissionObject, given, path, report);
  if (value === undefined) return undefined;
  reportUnknownKeys(value, `${path}.`, report);
  const resourceAppId = parse(Resource, value["resource"], `${path}.resource`, report);
  const permission = parse(Permission, value["permission"], `${path}.permission`, report);
  if (resourceAppId === undefined || permission === undefined) return undefined;
  const declared = { resourceAppId, permission };
  const isGranted = required.some((granted) => granted.resourceAppId === resourceAppId);
  if (isGranted && isManageAsApp(declared))
    report(
      path,
      resourceAppId === exchangeOnlineProtection
        ? "is Exchange.ManageAsApp of Microsoft Exchange Online Protection, which this component grants, because it uses Security & Compliance. Remove it."
        : "is Exchange.ManageAsApp, which every component grants. Remove it.",
    );
  return declared;
}

function wellKnownId(given: string): string | undefined {
  const name = resourceNames.find((known) => known.toLowerCase() === given.toLowerCase());
  return wellKnownResources[name ?? ""];
}

/** Exchange.ManageAsApp is one permission by value and by id; of others only the tenant knows. */
function identityOf(declared: DeclaredPermission): string {
  const permission = isManageAsApp(declared) ? "" : declared.permission.toLowerCase();
  return `${declared.resourceAppId} ${permission}`;
}
