import * as v from "valibot";
import { shellArgument } from "../../../common/shellArgument.ts";
import { NamedObject, Reference } from "../../../graph/objects.ts";
import type { AuditRule, Observation, RuleContext } from "../rule.ts";
import { readsAll, readsOne } from "../rule.ts";
import { isSame, text, texts } from "../stateValues.ts";
import { applicationPart, applicationPath, principalPath, takenAway } from "./parts.ts";

/** Why an owner matters. */
const owners = {
  severity: "high",
  why: "An owner can add credentials, and then sign in as the application.",
  source: "https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners",
} as const;

/** Why an owner that is missing matters. */
const missing = {
  severity: "medium",
  why: `Its owner cannot look after it. ${takenAway}`,
  source: "https://learn.microsoft.com/graph/api/application-list-owners",
} as const;

const Managers = v.object({
  createdByAppId: Reference,
  managerApplications: v.nullish(v.array(v.string())),
});

/** Who may add credentials because they own one of the two objects, or manage the application. */
export const ownerRules: readonly AuditRule[] = [
  {
    id: "EXO-AUDIT-APPLICATION-OWNER",
    title: "Owner of the application",
    ...owners,
    reads: [
      readsAll(
        {
          name: "applicationOwners",
          path: (objects) => `${applicationPath(objects)}/owners`,
          permission: "Application.Read.All",
        },
        { schema: NamedObject, select: ["displayName"] },
        (found, { objects }) => ownersOf(applicationPath(objects), found),
      ),
    ],
    recorded: ({ owners: recorded = [] }) => recorded,
    missing: {
      id: "EXO-AUDIT-APPLICATION-OWNER-MISSING",
      title: "Declared owner that the application lacks",
      ...missing,
    },
    declaredBy: {
      ApplicationOwner: ({ wanted }, { applicationObjectId }) =>
        isSame(wanted["applicationId"], applicationObjectId) ? [text(wanted["ownerObjectId"])] : [],
      Application: ({ state, wanted }, { applicationObjectId }) =>
        isSame(state["objectId"], applicationObjectId) ? texts(wanted["owners"]) : [],
    },
  },
  {
    id: "EXO-AUDIT-SERVICE-PRINCIPAL-OWNER",
    title: "Owner of the service principal",
    ...owners,
    reads: [
      readsAll(
        {
          name: "servicePrincipalOwners",
          path: (objects) => `${principalPath(objects)}/owners`,
          permission: "Application.Read.All",
        },
        { schema: NamedObject, select: ["displayName"] },
        (found, { objects }) => ownersOf(principalPath(objects), found),
      ),
    ],
    missing: {
      id: "EXO-AUDIT-SERVICE-PRINCIPAL-OWNER-MISSING",
      title: "Declared owner that the service principal lacks",
      ...missing,
      source: "https://learn.microsoft.com/graph/api/serviceprincipal-list-owners",
    },
    declaredBy: {
      ServicePrincipal: ({ state, wanted }, { servicePrincipalObjectId }) =>
        isSame(state["objectId"], servicePrincipalObjectId) ? texts(wanted["owners"]) : [],
    },
  },
  {
    id: "EXO-AUDIT-MANAGER-APPLICATION",
    title: "Application that manages this one",
    severity: "high",
    why: "It can add credentials to this application.",
    source: "https://learn.microsoft.com/graph/api/resources/application",
    reads: [
      readsOne(
        applicationPart,
        { schema: Managers, select: ["createdByAppId", "managerApplications"] },
        managersOf,
      ),
    ],
    recorded: ({ signInAudience }) => (signInAudience === undefined ? [] : [maker]),
    declaredBy: {
      Application: ({ state }, { applicationObjectId }) =>
        isSame(state["objectId"], applicationObjectId) ? [maker] : [],
    },
  },
];

/** Declared where the stack made the application: who deploys manages it. */
const maker = "the application that made it";

/** Nobody can write who made an application. */
function managersOf(
  { createdByAppId, managerApplications }: v.InferOutput<typeof Managers>,
  { objects, graphUrl }: RuleContext,
): Observation {
  const managers = managerApplications ?? [];
  const isMaker = (id: string): boolean => id.toLowerCase() === createdByAppId.toLowerCase();
  const leaving = (staying: readonly string[]): string =>
    `az rest --method patch --url '${graphUrl}/v1.0${applicationPath(objects)}' --body ${shellArgument(JSON.stringify({ managerApplications: staying }), "BODY")}`;
  return {
    items: managers.map((id) => ({
      key: id,
      declared: "none",
      ...(isMaker(id)
        ? { aliases: [maker], found: `client ID ${id}, which made it`, remedy: leaving([]) }
        : { found: `client ID ${id}`, remedy: leaving(managers.filter(isMaker)) }),
    })),
  };
}

function ownersOf(path: string, found: readonly NamedObject[]): Observation {
  return {
    items: found.map(({ id, displayName }) => ({
      key: id,
      found: `${displayName ?? "somebody"}, object ID ${id}`,
      removal: { kind: "delete", path: `${path}/owners/${id}/$ref` },
    })),
  };
}
