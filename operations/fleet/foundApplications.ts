import * as v from "valibot";
import { Cloud } from "../../microsoft/clouds.ts";
import type { AdoptedSettings } from "../adoption/declaration.ts";
import type {
  DiscoveredApplication,
  DiscoveredCredential,
  DiscoveredDeclaration,
  DiscoveredOwner,
  DiscoverResult,
} from "../adoption/discover.ts";
import type { NotRead } from "../adoption/notRead.ts";
import { findingFields } from "./documentFields.ts";

/** What `discover` found in the tenant of a stack. */
export type FoundApplications = Pick<DiscoverResult, "applications" | "notRead">;

/** A schema with each field by its name: one that is not here would be lost on the way to a report. */
type Fields<T> = Readonly<Record<keyof T, v.GenericSchema>>;

const text = v.exactOptional(v.string());

const AdoptedCertificate = v.object({
  generations: v.array(v.object({ name: v.string(), publicCertificate: text, acceptedSha256: text })),
});

const FoundSettings = v.object({
  displayName: text,
  notes: text,
  tags: v.exactOptional(v.array(v.string())),
  owners: v.exactOptional(v.array(v.string())),
  roles: v.array(v.string()),
  allowGlobalAdministrator: v.exactOptional(v.literal(true)),
  apiPermissions: v.exactOptional(v.array(v.object({ resource: v.string(), permission: v.string() }))),
  securityAndCompliance: v.exactOptional(v.literal(false)),
  certificate: v.exactOptional(AdoptedCertificate),
  federatedCredentials: v.exactOptional(
    v.array(
      v.object({
        name: v.string(),
        issuer: v.string(),
        subject: v.string(),
        audience: text,
        allowWideSubject: v.exactOptional(v.literal(true)),
      }),
    ),
  ),
  exchangeRoleGroups: v.exactOptional(v.array(v.string())),
  exchangeRoles: v.exactOptional(
    v.array(v.object({ role: v.string(), recipientFilter: text, administrativeUnit: text })),
  ),
  complianceRoleGroups: v.exactOptional(v.array(v.string())),
  existingClientId: text,
  cloud: v.exactOptional(v.enum(Cloud)),
  expectedTenantId: v.string(),
} satisfies Fields<AdoptedSettings>);

const FoundDeclaration = v.object({
  settings: FoundSettings,
  losses: v.array(
    v.object({
      object: v.picklist(["application", "servicePrincipal"]),
      property: v.string(),
      title: v.string(),
    }),
  ),
  additions: v.array(v.string()),
  undeclared: v.array(v.object({ title: v.string(), choice: v.string() })),
} satisfies Fields<DiscoveredDeclaration>);

const FoundCredential = v.object({
  kind: v.picklist(["certificate", "secret", "federated"]),
  on: v.picklist(["application", "servicePrincipal"]),
  id: v.string(),
  sha256: text,
  ends: text,
  isExpired: v.boolean(),
} satisfies Fields<DiscoveredCredential>);

const FoundOwner = v.object({
  of: v.picklist(["application", "servicePrincipal"]),
  id: v.string(),
  displayName: text,
} satisfies Fields<DiscoveredOwner>);

const FoundApplication = v.object({
  displayName: v.string(),
  appId: v.string(),
  servicePrincipalObjectId: v.string(),
  applicationObjectId: text,
  describedAs: text,
  access: v.array(v.string()),
  credentials: v.array(FoundCredential),
  owners: v.array(FoundOwner),
  lastSignIn: text,
  findings: v.array(v.object(findingFields)),
  declaration: v.exactOptional(FoundDeclaration),
} satisfies Fields<DiscoveredApplication>);

/** Reads `FoundApplications`. */
export const FoundApplications: v.GenericSchema<unknown, FoundApplications> = v.object({
  applications: v.array(FoundApplication),
  notRead: v.array(
    v.object({
      what: v.string(),
      reason: v.string(),
      denied: v.boolean(),
      optional: v.exactOptional(v.boolean()),
    } satisfies Fields<NotRead>),
  ),
} satisfies Fields<FoundApplications>);
