import type { GraphClient } from "../../graph/graphClient.ts";
import { noId } from "../../graph/objects.ts";
import type { FoundItem } from "./identityRules.ts";
import { isUnlicensed } from "../../graph/apiError.ts";
import { pathOf } from "./observedAccess.ts";
import type { AuditRule, Look, RuleContext, RuleRead } from "./rule.ts";
import { failedRead } from "./rule.ts";
import { rules } from "./rules.ts";
import { customRoleId } from "./rules/customRoles.ts";
import type { Unread } from "../findings/finding.ts";

/** The parts of an audit of an application that say what an identity may do besides its permissions, or who it belongs to. */
const partsOfPrincipal: Readonly<Record<string, FoundItem["rule"]>> = {
  roles: "right",
  eligibilities: "right",
  roleSchedules: "right",
  memberships: "right",
  groupEligibilities: "right",
  groupSchedules: "right",
  delegatedGrants: "right",
  ownedObjects: "right",
  rolesOverServicePrincipal: "scopedRole",
  eligibilitiesOverServicePrincipal: "scopedRole",
  schedulesOverServicePrincipal: "scopedRole",
};
const partsOfApplication: Readonly<Record<string, FoundItem["rule"]>> = {
  rolesOverApplication: "scopedRole",
  eligibilitiesOverApplication: "scopedRole",
  schedulesOverApplication: "scopedRole",
};

/** The object IDs of an identity. */
export interface IdentityObjects {
  /** Absent where the application is in another tenant, or there is none. */
  readonly applicationObjectId: string | undefined;
  readonly servicePrincipalObjectId: string;
}

/** What those parts say. */
export interface IdentityParts {
  readonly items: readonly FoundItem[];
  readonly unread: readonly Unread[];
}

/** Reads of an identity what an audit reads of an application, in one batch. @throws ApiError, SignInError */
export async function readIdentityParts(
  graph: GraphClient,
  { applicationObjectId, servicePrincipalObjectId }: IdentityObjects,
): Promise<IdentityParts> {
  const kinds = { ...partsOfPrincipal, ...(applicationObjectId === undefined ? {} : partsOfApplication) };
  const objects = { applicationObjectId: applicationObjectId ?? noId, servicePrincipalObjectId };
  // Nothing declares an identity's roles, so that each is found already, with what it allows.
  const wanted = rules
    .filter(({ id }) => id !== customRoleId)
    .flatMap((rule) =>
      rule.reads.flatMap((read) => {
        const kind = kinds[read.name];
        return kind === undefined ? [] : [{ rule, read, kind }];
      }),
    );
  const outcomes = await graph.batch<Record<string, Look>>(
    Object.fromEntries(
      wanted.map(({ rule, read }) => [
        `${rule.id} ${read.name}`,
        read.at(pathOf(read, objects, new Set(read.select))),
      ]),
    ),
  );
  const parts = wanted.map((each): IdentityParts => {
    const outcome = outcomes[`${each.rule.id} ${each.read.name}`];
    if (outcome?.ok === true) return partOf(each, outcome.value(contextOf(objects)));
    if (outcome === undefined || isUnlicensed(outcome.error)) return { items: [], unread: [] };
    const { permission, isOptional } = each.read;
    return { items: [], unread: [{ check, ...failedRead(outcome.error, permission, isOptional) }] };
  });
  return {
    items: parts.flatMap(({ items }) => items),
    unread: parts.flatMap(({ unread }) => unread),
  };
}

/** What of an identity could not be read, for the report. */
const check = "the identity";

interface WantedPart {
  readonly rule: AuditRule;
  readonly read: RuleRead;
  readonly kind: FoundItem["rule"];
}

function partOf({ rule, kind }: WantedPart, { items, hidden }: ReturnType<Look>): IdentityParts {
  const name = rule.id.replace("EXO-AUDIT-", "").toLowerCase();
  return {
    items: items.map((item) => ({
      rule: kind,
      severity: item.severity ?? rule.severity,
      subject: `${name} ${item.subject ?? item.key}`,
      found: `${rule.title}: ${item.found}`,
    })),
    unread: hidden ? [{ check, ...hidden }] : [],
  };
}

/** None of these parts looks at services or policies, or prints a command. */
function contextOf(objects: RuleContext["objects"]): RuleContext {
  const none = { ok: true, value: [] } as const;
  return {
    objects,
    resources: new Map(),
    policies: {
      tenant: { ok: true, value: { isEnabled: false } },
      application: none,
      servicePrincipal: none,
    },
    now: new Date(),
    graphUrl: "",
  };
}
