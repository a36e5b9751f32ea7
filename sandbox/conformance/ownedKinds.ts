/** The kinds of objects that a run creates. */
export type OwnedKind = keyof typeof ownedKinds;

/** How objects of one kind are created, found and deleted. */
export interface KindSettings {
  /** What a person calls one. */
  readonly title: string;
  /** Where they are created, and under which one is read and deleted by its ID. */
  readonly collection: string;
  /** The query of the collection that finds one by its key. @default the whole collection */
  readonly filter?: (key: string) => string;
  /** The property that has the key, or begins with it. */
  readonly keyProperty: string;
  /** Whether a deleted one stays in `directory/deletedItems`. */
  readonly isRecycled: boolean;
}

/** How the names of everything begin that a run creates, whichever run. */
export const ownNames = "exchange-auth conformance ";

const by = (property: string) => (key: string) => `$filter=${encodeURIComponent(`${property} eq '${key}'`)}`;
const byName = { filter: by("displayName"), keyProperty: "displayName" };

/** Every kind, by the name that a ledger has for it. */
export const ownedKinds = {
  application: { title: "application", collection: "/v1.0/applications", ...byName, isRecycled: true },
  // azuread gives a new one another name for a moment, and Graph finds none by its description.
  deployedApplication: {
    title: "application",
    collection: "/v1.0/applications",
    filter: () =>
      `$filter=${encodeURIComponent(["TERRAFORM_UPDATE_", ownNames].map((start) => `startswith(displayName,'${start}')`).join(" or "))}`,
    keyProperty: "description",
    isRecycled: true,
  },
  servicePrincipal: {
    title: "service principal",
    collection: "/v1.0/servicePrincipals",
    filter: by("appId"),
    keyProperty: "appId",
    isRecycled: true,
  },
  deployedServicePrincipal: {
    title: "service principal",
    collection: "/v1.0/servicePrincipals",
    ...byName,
    isRecycled: true,
  },
  group: { title: "security group", collection: "/v1.0/groups", ...byName, isRecycled: false },
  administrativeUnit: {
    title: "administrative unit",
    collection: "/v1.0/directory/administrativeUnits",
    ...byName,
    isRecycled: true,
  },
  roleAssignment: {
    title: "assignment of a directory role",
    collection: "/v1.0/roleManagement/directory/roleAssignments",
    filter: by("principalId"),
    keyProperty: "principalId",
    isRecycled: false,
  },
  appManagementPolicy: {
    title: "application management policy",
    collection: "/v1.0/policies/appManagementPolicies",
    keyProperty: "displayName",
    isRecycled: false,
  },
  conditionalAccessPolicy: {
    title: "conditional access policy",
    collection: "/v1.0/identity/conditionalAccess/policies",
    keyProperty: "displayName",
    isRecycled: false,
  },
} as const satisfies Readonly<Record<string, KindSettings>>;

/** The settings of a kind. */
export function settingsOf(kind: OwnedKind): KindSettings {
  return ownedKinds[kind];
}
