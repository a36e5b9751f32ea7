import * as v from "valibot";

const optionalText = v.nullish(v.string());

/** What stands where Graph gives no id: nothing has it. */
export const noId = "none";

/**
 * A reference or an id other than an object's own: Graph's metadata lets it be null.
 *
 * Source: `Nullable` in github.com/microsoftgraph/msgraph-metadata; tests/fixtures/graph/nullableProperties.json.
 */
export const Reference = v.nullish(v.string(), noId);

/** Whatever is known by its id and shown by its name: an owner, an owned object. */
export const NamedObject = v.object({ id: v.string(), displayName: optionalText });

/** As the schema. */
export type NamedObject = v.InferOutput<typeof NamedObject>;

/** A key on an application or a service principal. */
export const KeyCredential = v.object({
  keyId: Reference,
  type: optionalText,
  usage: optionalText,
  displayName: optionalText,
  startDateTime: optionalText,
  endDateTime: optionalText,
  /** Base64 of the certificate; Graph gives it only with `$select`, for one object. */
  key: optionalText,
});

/** As the schema. */
export type KeyCredential = v.InferOutput<typeof KeyCredential>;

/** A secret on an application or a service principal, without the secret. */
export const PasswordCredential = v.object({
  keyId: Reference,
  displayName: optionalText,
  startDateTime: optionalText,
  endDateTime: optionalText,
});

/** As the schema. */
export type PasswordCredential = v.InferOutput<typeof PasswordCredential>;

/** A workload elsewhere whose tokens an application trusts. */
export const FederatedCredential = v.object({
  id: v.string(),
  name: v.string(),
  issuer: v.string(),
  subject: optionalText,
  audiences: v.optional(v.array(v.string()), []),
  /** Instead of a subject; only Graph's beta has it. */
  claimsMatchingExpression: v.nullish(v.object({ value: optionalText })),
});

/** As the schema. */
export type FederatedCredential = v.InferOutput<typeof FederatedCredential>;

/** An application permission that a service principal was granted. */
export const AppRoleAssignment = v.object({
  id: v.string(),
  appRoleId: v.string(),
  resourceId: Reference,
  resourceDisplayName: optionalText,
});

/** As the schema. */
export type AppRoleAssignment = v.InferOutput<typeof AppRoleAssignment>;

/** A delegated permission that was granted. */
export const PermissionGrant = v.object({
  id: v.string(),
  resourceId: v.string(),
  consentType: optionalText,
  /** The user; absent where it is for everybody. */
  principalId: optionalText,
  scope: optionalText,
});

/** As the schema. */
export type PermissionGrant = v.InferOutput<typeof PermissionGrant>;

/** A group or role that something is in. */
export const Membership = v.object({
  "@odata.type": optionalText,
  id: v.string(),
  displayName: optionalText,
  isAssignableToRole: v.nullish(v.boolean()),
});

/** As the schema. */
export type Membership = v.InferOutput<typeof Membership>;

/** What a role allows. */
export const RoleDefinition = v.object({
  displayName: optionalText,
  isBuiltIn: v.nullish(v.boolean()),
  isEnabled: v.nullish(v.boolean()),
  rolePermissions: v.nullish(v.array(v.record(v.string(), v.unknown()))),
});

/** As the schema. */
export type RoleDefinition = v.InferOutput<typeof RoleDefinition>;

/** A role, with who holds it over what. */
export const RoleAssignment = v.object({
  id: v.string(),
  principalId: Reference,
  roleDefinitionId: Reference,
  /** Only with `$expand`. */
  roleDefinition: v.nullish(RoleDefinition),
  directoryScopeId: optionalText,
  /** A scope within one application; then there is none of the directory. */
  appScopeId: optionalText,
});

/** As the schema. */
export type RoleAssignment = v.InferOutput<typeof RoleAssignment>;

/** Where a platform of an application sends tokens to. */
export const RedirectUris = v.nullish(v.object({ redirectUris: v.nullish(v.array(v.string())) }));

/** Which tokens an application gets without a code. */
export const ImplicitGrantSettings = v.nullish(
  v.object({
    enableAccessTokenIssuance: v.nullish(v.boolean()),
    enableIdTokenIssuance: v.nullish(v.boolean()),
  }),
);
