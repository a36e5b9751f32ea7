import { readFileSync } from "node:fs";
import * as v from "valibot";
import { isGuid } from "../../common/guid.ts";
import { Cloud } from "../../microsoft/clouds.ts";
import { directoryRoles } from "../../microsoft/roles.ts";
import { SandboxError } from "../sandboxError.ts";
import { microsoftApplication, microsoftAppIds } from "./catalogue/microsoftServicePrincipals.ts";
import type { TenantSeed } from "./tenantSeed.ts";

const guid = v.pipe(
  v.string(),
  v.check(isGuid, (issue) => `must be a GUID, got "${issue.input}"`),
);
const domain = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, (issue) => `must be a domain name, got "${issue.input}"`),
);
const roleNames = new Set(directoryRoles.map((role) => role.displayName));
const role = v.pipe(
  v.string(),
  v.check(
    (name) => roleNames.has(name),
    (issue) => `must be a built-in role, got "${issue.input}"`,
  ),
);
const permissionValues = new Set(
  microsoftApplication(microsoftAppIds.graph)?.appRoles.map(({ value }) => value),
);
const permission = v.pipe(
  v.string(),
  v.check(
    (value) => permissionValues.has(value),
    (issue) => `must be an application permission of Microsoft Graph, got "${issue.input}"`,
  ),
);

const seed = v.strictObject({
  tenantId: guid,
  initialDomain: domain,
  displayName: v.optional(v.string()),
  cloud: v.optional(v.picklist(Object.values(Cloud))),
  domains: v.optional(v.array(domain)),
  exchangeLicensed: v.optional(v.boolean()),
  entraIdP2: v.optional(v.boolean()),
  appInstanceLock: v.optional(v.boolean()),
  exchangeOnlineProtection: v.optional(v.boolean()),
  deployer: v.strictObject({
    clientId: guid,
    clientSecret: v.pipe(v.string(), v.minLength(1)),
    permissions: v.optional(v.array(permission)),
    roles: v.optional(v.array(role)),
  }),
  identities: v.optional(
    v.array(
      v.strictObject({
        name: v.pipe(v.string(), v.minLength(1)),
        clientId: guid,
        clientSecret: v.pipe(v.string(), v.minLength(1)),
        permissions: v.optional(v.array(permission)),
        roles: v.optional(v.array(role)),
        exchangeRoles: v.optional(
          v.strictObject({
            exchangeOnline: v.optional(v.array(v.string())),
            securityAndCompliance: v.optional(v.array(v.string())),
          }),
        ),
      }),
    ),
  ),
  users: v.optional(
    v.array(
      v.strictObject({
        userPrincipalName: v.string(),
        displayName: v.string(),
        department: v.optional(v.string()),
        id: v.optional(guid),
        roles: v.optional(v.array(role)),
      }),
    ),
  ),
});

/**
 * Reads tenants from a JSON file: a list of what `TenantSeed` describes.
 *
 * @throws SandboxError that names every problem
 */
export function readSeedFile(file: string): readonly TenantSeed[] {
  const parsed = v.safeParse(
    v.pipe(v.array(seed), v.minLength(1, "must have at least one tenant")),
    parseJson(file),
  );
  if (!parsed.success) {
    const problems = parsed.issues.map(
      (issue) => `  ${v.getDotPath(issue) ?? "the list"}: ${problemOf(issue)}`,
    );
    throw new SandboxError(`The seed file "${file}" cannot be used.\n${problems.join("\n")}`);
  }
  return parsed.output;
}

/** The schema's own words where it has some; its library's say what it expected, for whoever writes schemas. */
function problemOf({ kind, type, message, expected, received, input }: v.BaseIssue<unknown>): string {
  if (kind === "validation") return message;
  if (type === "strict_object" && expected === "never") return "is unknown";
  if (received === "undefined") return "is missing";
  if (type === "picklist") return `must be one of ${Object.values(Cloud).join(", ")}, got ${received}`;
  return `must be ${kinds[expected ?? ""] ?? "something else"}, got ${JSON.stringify(input)}`;
}

const kinds: Readonly<Record<string, string>> = {
  Array: "a list",
  Object: "an object",
  string: "a text",
  boolean: "true or false",
};

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new SandboxError(
      `The seed file "${file}" cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
