import { isDeepStrictEqual } from "node:util";

import * as v from "valibot";

import { readCertificate } from "../../common/certificate.ts";
import { childTypes } from "../../common/typeTokens.ts";
import type { StackResource } from "../../stack/resource.ts";
import { plain, type Properties } from "../../stack/values.ts";
import { defaultsKey } from "../plugins/protocol/checkValues.ts";

/** A tenant's object as Graph shows it, or a credential of one. */
export type TenantObject = Properties;

/** What a resource declares of its object in the tenant, under Graph's names. */
type Declared = Readonly<Record<string, unknown>>;

/** What an input of azuread's declares of the object in the tenant; nothing where it says how azuread goes about it. */
type Comparison = (value: unknown) => Declared;

const same =
  (name: string): Comparison =>
  (value) => ({ [name]: value });
const asSet =
  (name: string): Comparison =>
  (value) => ({ [name]: sorted(value) });
const ofPlugin: Comparison = () => ({});

/** Every input that the component gives, by the resource's type. */
const comparisons: Readonly<Record<string, Readonly<Record<string, Comparison>>>> = {
  [childTypes.application]: {
    description: same("description"),
    displayName: same("displayName"),
    notes: same("notes"),
    owners: asSet("owners"),
    requiredResourceAccesses: (value) => ({ requiredResourceAccess: askedFor(value) }),
    signInAudience: same("signInAudience"),
    tags: asSet("tags"),
  },
  [childTypes.servicePrincipal]: {
    accountEnabled: same("accountEnabled"),
    clientId: same("appId"),
    description: same("description"),
    useExisting: ofPlugin,
  },
  [childTypes.appRoleAssignment]: {
    appRoleId: same("appRoleId"),
    principalObjectId: same("principalId"),
    resourceObjectId: same("resourceId"),
  },
  [childTypes.directoryRoleAssignment]: {
    principalObjectId: same("principalId"),
    roleId: same("roleDefinitionId"),
  },
  [childTypes.applicationCertificate]: {
    applicationId: same("application"),
    endDate: same("endDateTime"),
    keyId: same("keyId"),
    type: same("type"),
    value: (pem) => ({ key: readCertificate(String(pem)).derBase64 }),
  },
  [childTypes.federatedCredential]: {
    applicationId: same("application"),
    audiences: same("audiences"),
    displayName: same("name"),
    issuer: same("issuer"),
    subject: same("subject"),
  },
};

/** The types that are compared with the tenant. */
export const comparedTypes: readonly string[] = Object.keys(comparisons);

/** What is declared by leaving it out. */
const leftOut: Readonly<Record<string, Declared>> = {
  [childTypes.application]: { notes: null, owners: [], tags: [] },
  [childTypes.servicePrincipal]: { notes: null, owners: [], tags: [] },
  [childTypes.directoryRoleAssignment]: { directoryScopeId: "/" },
  [childTypes.applicationCertificate]: { usage: "Verify" },
};

/**
 * In what a tenant's object is not as a resource of a stack's state declares it: each declared property, and those that
 * must be empty because nothing is declared. An input that is not known here is a difference, too.
 *
 * @param resource with its secrets laid open
 * @param object with `owners` as object ids; of a certificate its key credential with `key`, and `application`
 */
export function undeclaredProperties(resource: StackResource, object: TenantObject): readonly string[] {
  const known = comparisons[resource.type] ?? {};
  const filledIn = resource.inputs[defaultsKey];
  const ofBridge = new Set([defaultsKey, ...(Array.isArray(filledIn) ? filledIn.map(String) : [])]);
  const inputs = Object.entries(resource.inputs).filter(([name]) => !ofBridge.has(name));
  const declared: Declared = Object.assign(
    { ...leftOut[resource.type] },
    ...inputs.map(([name, value]) => known[name]?.(plain(value)) ?? {}),
  ) as Declared;
  return [
    ...inputs.filter(([name]) => known[name] === undefined).map(([name]) => `${name} is not compared`),
    ...Object.entries(declared)
      .map(([name, wanted]) => ({ name, wanted, got: comparable(name, object[name]) }))
      .filter(({ wanted, got }) => !isDeepStrictEqual(got, wanted))
      .map(
        ({ name, wanted, got }) => `${name} is ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`,
      ),
  ];
}

/** A property of the tenant's as the declared ones are written: the order of a set does not count. */
function comparable(name: string, value: unknown): unknown {
  if (name === "requiredResourceAccess") return askedFor(value);
  return name === "tags" || name === "owners" ? sorted(value) : value;
}

function sorted(value: unknown): unknown {
  return Array.isArray(value) ? value.map(String).toSorted() : value;
}

/** The permissions that an application asks for, as azuread or Graph lists them, each as a text. */
function askedFor(value: unknown): unknown {
  const { success, output } = v.safeParse(Asked, value);
  if (!success) return value;
  return sorted(
    output.flatMap(({ resourceAppId, resourceAccess, resourceAccesses }) =>
      [...resourceAccess, ...resourceAccesses].map(({ id, type }) => `${resourceAppId} ${type} ${id}`),
    ),
  );
}

const Accesses = v.optional(v.array(v.object({ id: v.string(), type: v.string() })), []);

const Asked = v.array(
  v.object({ resourceAppId: v.string(), resourceAccess: Accesses, resourceAccesses: Accesses }),
);
