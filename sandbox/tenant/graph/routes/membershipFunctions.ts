import { isGuid } from "../../../../common/guid.ts";
import { groupsOf, transitiveMembershipsOf } from "../../directory/memberships.ts";
import { textOf, type Json, type JsonObject } from "../../json.ts";
import { checkBody } from "../../model/checkBody.ts";
import type { EntityType } from "../../model/entityType.ts";
import { flag, list, required, text, type PropertyTable } from "../../model/property.ts";
import type { TenantState } from "../../state.ts";
import { badRequest, invalidObjectIdentifier } from "../errors.ts";
import type { GraphRequest, GraphRoute, Reply } from "../route.ts";
import { directoryReaders } from "./permissions.ts";

/** What checkMemberGroups takes at most; Microsoft documents it. */
const maxGroups = 20;

/** A question for the ids of what an object is a member of, directly or not. */
interface MembershipFunction {
  readonly name: string;
  readonly title: string;
  readonly parameters: PropertyTable;
  readonly answer: (tenant: TenantState, memberId: string, given: JsonObject) => readonly string[];
}

// Every group of the tenant is a security group.
const functions: readonly MembershipFunction[] = [
  {
    name: "getMemberGroups",
    title: "List the IDs of the groups that it is a member of",
    parameters: { securityEnabledOnly: flag() },
    answer: groupsOf,
  },
  {
    name: "getMemberObjects",
    title: "List the IDs of the groups, directory roles and administrative units that it is a member of",
    parameters: { securityEnabledOnly: flag() },
    answer: (tenant, memberId, { securityEnabledOnly }) =>
      securityEnabledOnly === true ? groupsOf(tenant, memberId) : transitiveMembershipsOf(tenant, memberId),
  },
  {
    name: "checkMemberGroups",
    title: "List those of some groups that it is a member of",
    parameters: { groupIds: required(list(text())) },
    answer: (tenant, memberId, { groupIds }) => {
      const asked = idsIn(groupIds);
      if (asked.length > maxGroups) {
        throw badRequest(`'groupIds' has ${asked.length} IDs, and ${maxGroups} are the most.`);
      }
      const groups = groupsOf(tenant, memberId);
      return asked.filter((id) => groups.includes(id));
    },
  },
];

type Reading = Pick<GraphRoute, "permissions" | "alsoRequires">;

/**
 * The routes of these questions about the object that a path names.
 *
 * @param readingObjects who may ask for more than groups
 */
export function membershipFunctions(
  path: string,
  memberOf: (request: GraphRequest) => string,
  reading: Reading,
  readingObjects: Reading = reading,
): readonly GraphRoute[] {
  return functions.map(({ name, title, parameters, answer }) => {
    const type = bodyType(name, parameters);
    return {
      ...(name === "getMemberObjects" ? readingObjects : reading),
      directoryRoles: directoryReaders,
      type,
      method: "POST",
      path: `${path}/${name}`,
      title,
      takesBody: true,
      onlyReads: true,
      handle: (request): Reply => {
        const memberId = memberOf(request);
        const { properties } = checkBody(request.body, type, parameters, undefined);
        return {
          status: 200,
          body: {
            "@odata.context": `${request.url.origin}/${request.version}/$metadata#Collection(Edm.String)`,
            value: [...answer(request.tenant, memberId, properties)],
          },
        };
      },
    };
  });
}

/** The ids in a list. @throws GraphError for something else */
export function idsIn(value: Json | undefined): readonly string[] {
  return textsIn(value).map((id) => {
    if (!isGuid(id)) throw invalidObjectIdentifier(id);
    return id.toLowerCase();
  });
}

/** The texts of a list; none where there is no list. */
export function textsIn(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map((item: Json) => textOf(item)) : [];
}

/** The type of a function's parameters. */
export function bodyType(name: string, properties: PropertyTable): EntityType {
  return { name, properties, filterable: [] };
}
