import { endInWords } from "../../common/time.ts";
import { derDigest, keySha256 } from "../../common/certificate.ts";
import { type ApiError, isUnlicensed, isUnserved } from "../../graph/apiError.ts";
import type { GraphOutcome } from "../../graph/graphClient.ts";
import { ownTenantAudience } from "../../microsoft/signInAudience.ts";
import { roleName } from "../../microsoft/roles.ts";
import type { FederatedCredential, KeyCredential, NamedObject, RoleAssignment } from "../../graph/objects.ts";
import { trustKey } from "./federatedTrust.ts";
import type { ApplicationParts, ServicePrincipalParts } from "./readApplication.ts";

/** What the stack itself has on, or wants of, an application and its service principal. */
export interface Expected {
  /** The client ID of the application that deploys; the Azure CLI's own where a person does. */
  readonly deployerClientId: string | undefined;
  /** The object ID of the application or person that deploys. */
  readonly deployerObjectId: string | undefined;
  /** Object ids of the application's declared owners. */
  readonly owners: readonly string[];
  /** The state's own keys, as `keyOf` gives them. */
  readonly keys: ReadonlySet<string>;
  /** Declared app roles, as `RESOURCE-OBJECT-ID APP-ROLE-ID`. */
  readonly permissions: ReadonlySet<string>;
  /** Whom the program wants federated credentials to trust, as `trustKey` gives it. */
  readonly federated: ReadonlySet<string>;
  /** Template ids of the declared roles. */
  readonly roles: ReadonlySet<string>;
}

/** What was found on an object. */
export interface Inspection {
  /** All that can sign in as it, change it, or that it may do, in words. */
  readonly hangs: readonly string[];
  /** Why it is not known to be the stack's alone; empty where nothing speaks against it. */
  readonly reasons: readonly string[];
}

/** A key as it is compared: id and bytes, since who adds one chooses its id. */
export function keyOf(keyId: string, sha256: string): string {
  return `${keyId} ${sha256}`.toLowerCase();
}

/** The SHA-256 of a key credential's certificate, lower-case hex; undefined where Graph did not give the bytes. */
export function sha256OfKey({ key }: Pick<KeyCredential, "key">): string | undefined {
  if (!key) return undefined;
  return keySha256(key) ?? derDigest("sha256", Buffer.from(key, "base64"));
}

/** Tells what hangs on an application, and what of that the stack did not ask for. */
export function inspectApplication(
  { application, owners, federatedCredentials, ...others }: ApplicationParts,
  expected: Expected,
): Inspection {
  return together(
    read(application, "the application", (found) => [
      ...creator(found.createdByAppId, expected),
      ...credentials(found, expected),
      ...(found.managerApplications ?? []).map((id) =>
        item(`application ${id} manages it`, same(id, expected.deployerClientId)),
      ),
      ...redirects(found),
      ...(found.identifierUris ?? []).map((uri) => item(`identifier URI ${uri}`, false)),
      ...(found.isFallbackPublicClient ? [item("it is a public client", false)] : []),
      ...(found.signInAudience === ownTenantAudience
        ? []
        : [item(`accounts of ${found.signInAudience ?? "an unknown audience"} may sign in`, false)]),
    ]),
    read(owners, "the application's owners", (found) =>
      ownerItems(found, "application", [...expected.owners, expected.deployerObjectId]),
    ),
    read(federatedCredentials, "the application's federated credentials", (found) =>
      federatedItems(found, expected.federated),
    ),
    ...rolesOverItems(others, "the application"),
  );
}

/** Tells what hangs on a service principal, and what of that the stack did not ask for. */
export function inspectServicePrincipal(parts: ServicePrincipalParts, expected: Expected): Inspection {
  return together(
    read(parts.servicePrincipal, "the service principal", (found) => [
      ...creator(found.createdByAppId, expected, "service principal"),
      ...credentials(found, { ...expected, keys: new Set() }, " on the service principal"),
      ...(found.replyUrls ?? []).map((uri) => item(`redirect URI ${uri} of the service principal`, false)),
    ]),
    read(parts.owners, "the service principal's owners", (found) =>
      ownerItems(found, "service principal", [expected.deployerObjectId]),
    ),
    // Graph's metadata has them, its pages do not: a tenant that does not answer for them has none.
    read(
      parts.federatedCredentials,
      "the service principal's federated credentials",
      (found) => federatedItems(found, new Set(), " on the service principal"),
      // Who deploys may read everything else of it.
      (error) => isUnserved(error) || error.failure.status === 403,
    ),
    read(parts.permissions, "the application permissions", (found) =>
      found.map(({ appRoleId, resourceId, resourceDisplayName }) =>
        item(
          `app role ${appRoleId} of ${resourceDisplayName ?? resourceId}`,
          expected.permissions.has(`${resourceId} ${appRoleId}`.toLowerCase()),
        ),
      ),
    ),
    // Who deploys need not be able to read them, and they lead to nothing without a user who signs in.
    read(
      parts.delegatedGrants,
      "delegated permissions",
      (found) =>
        found.map(({ resourceId, principalId, scope }) =>
          item(
            `delegated permissions ${(scope ?? "").trim()} of the resource ${resourceId} for ${principalId ?? "everybody"}`,
            false,
          ),
        ),
      () => true,
    ),
    read(parts.memberships, "group memberships", (found) =>
      found
        .filter((membership) => membership["@odata.type"] === "#microsoft.graph.group")
        .map(({ id, displayName }) => item(`member of group "${displayName ?? "unnamed"}" (${id})`, false)),
    ),
    read(parts.roles, "the directory roles", (found) =>
      found.map(({ roleDefinitionId, directoryScopeId }) =>
        item(
          `role ${roleName(roleDefinitionId) ?? roleDefinitionId} over ${directoryScopeId === "/" ? "the whole tenant" : (directoryScopeId ?? "an unknown scope")}`,
          directoryScopeId === "/" && expected.roles.has(roleDefinitionId.toLowerCase()),
        ),
      ),
    ),
    ...rolesOverItems(parts, "the service principal"),
  );
}

interface Item {
  readonly text: string;
  readonly isExpected: boolean;
  /** What speaks against the object where the item is not expected: the text, or more than that. */
  readonly reason: string;
}

function item(text: string, isExpected: boolean, reason = text): Item {
  return { text, isExpected, reason };
}

/** @param isHarmless whether what cannot be read for this reason does not speak against the object */
function read<T>(
  outcome: GraphOutcome<T>,
  what: string,
  items: (value: T) => readonly Item[],
  isHarmless: (error: ApiError) => boolean = () => false,
): readonly Item[] {
  if (outcome.ok) return items(outcome.value);
  return [
    item(
      `not read: ${what}, since Microsoft Graph answered ${outcome.error.failure.status ?? "nothing"}`,
      isHarmless(outcome.error),
    ),
  ];
}

function together(...parts: readonly (readonly Item[])[]): Inspection {
  const items = parts.flat();
  return {
    hangs: items.map(({ text }) => text),
    reasons: items.filter(({ isExpected }) => !isExpected).map(({ reason }) => reason),
  };
}

function creator(
  createdByAppId: string | null | undefined,
  { deployerClientId }: Expected,
  what = "application",
): readonly Item[] {
  const text = `the ${what} was created by ${createdByAppId ? `application ${createdByAppId}` : "an unknown identity"}`;
  const isDeployer = createdByAppId != null && same(createdByAppId, deployerClientId);
  return [item(text, isDeployer, `${text}, and ${deployerClientId ?? "another"} deploys`)];
}

function credentials(
  {
    keyCredentials,
    passwordCredentials,
  }: {
    readonly keyCredentials: readonly KeyCredential[];
    readonly passwordCredentials: readonly Omit<KeyCredential, "key">[];
  },
  { keys }: Expected,
  where = "",
): readonly Item[] {
  return [
    ...keyCredentials.map((credential) => {
      const sha256 = sha256OfKey(credential);
      return item(
        `certificate ${credential.keyId}${where}, SHA-256 ${sha256?.toUpperCase() ?? "unknown"}, ${endInWords(credential.endDateTime)}`,
        sha256 !== undefined && keys.has(keyOf(credential.keyId, sha256)),
      );
    }),
    ...passwordCredentials.map(({ keyId, displayName, endDateTime }) =>
      item(`password "${displayName ?? "unnamed"}" (${keyId})${where}, ${endInWords(endDateTime)}`, false),
    ),
  ];
}

function federatedItems(
  found: readonly FederatedCredential[],
  expected: ReadonlySet<string>,
  where = "",
): readonly Item[] {
  return found.map((credential) => {
    const { name, issuer, subject, claimsMatchingExpression } = credential;
    return item(
      `federated credential "${name}"${where} for ${subject ?? claimsMatchingExpression?.value ?? "an unknown subject"} of ${issuer}`,
      expected.has(trustKey(credential)),
    );
  });
}

function ownerItems(
  owners: readonly NamedObject[],
  what: string,
  expected: readonly (string | undefined)[],
): readonly Item[] {
  return owners.map(({ id, displayName }) =>
    item(
      `${displayName ?? "somebody"} (${id}) owns the ${what}`,
      expected.some((one) => same(id, one)),
    ),
  );
}

/** A tenant without Entra ID P2 has no schedules. Elsewhere, a role that is active has one, too. */
function rolesOverItems(
  {
    rolesOver,
    schedulesOver,
    eligibilitiesOver,
  }: Pick<ApplicationParts, "rolesOver" | "schedulesOver" | "eligibilitiesOver">,
  over: string,
): readonly (readonly Item[])[] {
  const active = new Set(rolesOver.ok ? rolesOver.value.map(holderOf) : []);
  const items = (outcome: typeof rolesOver, what: string, has: string, told = new Set<string>()) =>
    read(
      outcome,
      `${what} over ${over}`,
      (found) =>
        found
          .filter((held) => !told.has(holderOf(held)))
          .map(({ principalId, roleDefinitionId, roleDefinition }) => {
            const role = roleName(roleDefinitionId) ?? roleDefinition?.displayName ?? roleDefinitionId;
            return item(`principal ${principalId} ${has} role ${role} over ${over}`, false);
          }),
      isUnlicensed,
    );
  return [
    items(rolesOver, "roles", "has"),
    items(schedulesOver, "scheduled roles", "has a schedule of", active),
    items(eligibilitiesOver, "eligibilities for roles", "is eligible for"),
  ];
}

function holderOf({ principalId, roleDefinitionId }: RoleAssignment): string {
  return `${principalId} ${roleDefinitionId}`.toLowerCase();
}

type Application = Extract<ApplicationParts["application"], { readonly ok: true }>["value"];

function redirects({ publicClient, spa, web }: Application): readonly Item[] {
  const uris = [publicClient, spa, web].flatMap((platform) => platform?.redirectUris ?? []);
  const implicit = web?.implicitGrantSettings;
  return [
    ...uris.map((uri) => item(`redirect URI ${uri}`, false)),
    ...(implicit?.enableAccessTokenIssuance || implicit?.enableIdTokenIssuance
      ? [item("implicit grant is on", false)]
      : []),
  ];
}

function same(id: string, other: string | undefined): boolean {
  return id.toLowerCase() === other?.toLowerCase();
}
