import type { EntityType } from "./entityType.ts";
import { groupType } from "./group.ts";
import { servicePrincipalType } from "./servicePrincipal.ts";
import { userType } from "./user.ts";
import {
  any,
  dateTime,
  flag,
  guid,
  integer,
  list,
  oneOf,
  onCreate,
  readOnly,
  record,
  required,
  text,
  unsupported,
} from "./property.ts";
import { directoryRoleType } from "./directoryRoles.ts";

/** `domain`. */
export const domainType: EntityType = {
  name: "domain",
  properties: {
    id: readOnly(text()),
    authenticationType: readOnly(text()),
    availabilityStatus: readOnly(text()),
    isAdminManaged: readOnly(flag(true)),
    isDefault: flag(false),
    isInitial: readOnly(flag(false)),
    isRoot: readOnly(flag(true)),
    isVerified: readOnly(flag(true)),
    manufacturer: readOnly(text()),
    model: readOnly(text()),
    passwordNotificationWindowInDays: integer(),
    passwordValidityPeriodInDays: integer(),
    state: readOnly(any()),
    supportedServices: list(text()),
  },
  filterable: [],
};

/** `appRoleAssignment`. */
export const appRoleAssignmentType: EntityType = {
  name: "appRoleAssignment",
  properties: {
    id: readOnly(text()),
    deletedDateTime: readOnly(dateTime()),
    appRoleId: onCreate(required(guid())),
    createdDateTime: readOnly(dateTime()),
    principalDisplayName: readOnly(text()),
    principalId: onCreate(required(guid())),
    principalType: readOnly(text()),
    resourceDisplayName: readOnly(text()),
    resourceId: onCreate(required(guid())),
  },
  filterable: ["resourceId", "principalDisplayName"],
};

/** `federatedIdentityCredential`. */
export const federatedIdentityCredentialType: EntityType = {
  name: "federatedIdentityCredential",
  properties: {
    id: readOnly(guid()),
    audiences: required(list(text(600))),
    description: text(600),
    issuer: required(text(600)),
    name: onCreate(required(text(120))),
    subject: text(600),
  },
  beta: {
    claimsMatchingExpression: record({ languageVersion: required(integer()), value: required(text()) }),
  },
  filterable: ["id", "name", "issuer", "subject"],
};

/** `administrativeUnit`. */
export const administrativeUnitType: EntityType = {
  name: "administrativeUnit",
  properties: {
    id: readOnly(guid()),
    deletedDateTime: readOnly(dateTime()),
    description: text(),
    displayName: required(text(256)),
    isMemberManagementRestricted: onCreate(flag(false)),
    membershipRule: unsupported(text()),
    membershipRuleProcessingState: unsupported(text()),
    membershipType: unsupported(text()),
    visibility: oneOf("Public", "HiddenMembership"),
  },
  filterable: ["id", "displayName"],
};

/** `oAuth2PermissionGrant`. */
export const permissionGrantType: EntityType = {
  name: "oAuth2PermissionGrant",
  properties: {
    id: readOnly(text()),
    clientId: onCreate(required(guid())),
    consentType: onCreate(required(oneOf("AllPrincipals", "Principal"))),
    principalId: onCreate(guid()),
    resourceId: onCreate(required(guid())),
    scope: text(),
  },
  filterable: ["clientId", "consentType", "principalId", "resourceId", "scope"],
};

/** `delegatedPermissionClassification`. */
export const permissionClassificationType: EntityType = {
  name: "delegatedPermissionClassification",
  properties: {
    id: readOnly(text()),
    classification: readOnly(text()),
    permissionId: readOnly(text()),
    permissionName: readOnly(text()),
  },
  filterable: ["classification"],
};

/** What a list of objects of several types can select: owners, members, and what somebody is a member of. */
export const directoryObjectType: EntityType = {
  name: "directoryObject",
  properties: {
    ...userType.properties,
    ...groupType.properties,
    ...servicePrincipalType.properties,
    ...administrativeUnitType.properties,
    ...directoryRoleType.properties,
  },
  selectedOnly: [userType, groupType, servicePrincipalType].flatMap(({ selectedOnly = [] }) => selectedOnly),
  filterable: [],
};
