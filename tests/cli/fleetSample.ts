import type { CheckedStack } from "../../operations/check/check.ts";
import type { Section } from "../../operations/findings/finding.ts";
import type { FleetDocument } from "../../operations/fleet/fleetDocument.ts";
import type { BrokenDocument } from "../../operations/fleet/fleetFolder.ts";
import type { ComponentStatus } from "../../operations/status.ts";
import type { DiscoveredApplication } from "../../operations/adoption/discover.ts";
import type { FoundApplications } from "../../operations/fleet/foundApplications.ts";
import { sampleFinding, sampleReport } from "./findings/sampleReport.ts";

/** A section in which nothing was found. */
export const cleanSection: Section = {
  name: "exchange",
  checks: ["check 1"],
  findings: [],
  accepted: [],
  unread: [],
  notes: [],
};

/** A component whose current certificate ends at a time. */
export function sampleComponent(notAfter = "2027-10-01T00:00:00Z"): ComponentStatus {
  return {
    component: "exchange",
    cloud: "global",
    tenantId: "11111111-1111-4111-8111-111111111111",
    tenantDomain: "contoso.onmicrosoft.com",
    appId: "22222222-2222-4222-8222-222222222222",
    applicationObjectId: "33333333-3333-4333-8333-333333333333",
    servicePrincipalObjectId: "44444444-4444-4444-8444-444444444444",
    tenant: { application: "present" },
    roles: ["Exchange Administrator"],
    generations: [
      {
        generation: "2",
        current: true,
        thumbprint: "B2",
        keyId: "key-2",
        notBefore: "2026-10-01T00:00:00Z",
        notAfter,
        daysLeft: 300,
      },
      {
        generation: "1",
        current: false,
        thumbprint: "A1",
        keyId: "key-1",
        notBefore: "2025-12-01T00:00:00Z",
        notAfter: "2026-12-01T00:00:00Z",
        daysLeft: 1,
      },
    ],
    nextRotation: "2027-07-01T00:00:00Z",
  };
}

/** A role that the tenant ends before the day that is declared. */
export const sampleTimedRole = {
  role: "Security Reader",
  until: "2027-06-30T00:00:00Z",
  daysLeft: 200,
  held: true,
  endsAt: "2026-12-08T00:00:00Z",
};

/** What was found in a stack: nothing, unless it is said. */
function sampleResult(changes: Partial<CheckedStack> = {}): CheckedStack {
  return {
    project: "infrastructure",
    stack: "contoso",
    updated: "2026-11-01T00:00:00Z",
    drift: [cleanSection],
    audit: [cleanSection],
    components: [sampleComponent()],
    ...changes,
  };
}

/** When the samples were made. */
export const sampleTime = new Date("2026-11-28T06:00:00Z");

/** A stack's document: in order, unless it is said. */
export function sampleDocument(stack: string, changes: Partial<CheckedStack> = {}): FleetDocument {
  return {
    fleetVersion: 1,
    stack,
    began: "2026-11-28T05:00:00Z",
    parts: ["drift", "audit", "status"],
    result: sampleResult({ stack, ...changes }),
  };
}

/** The document of a stack that could not be checked. */
export function failedDocument(
  stack: string,
  failure: NonNullable<FleetDocument["failure"]> = { code: "EXO_AUTH_PULUMI", message: "No such key." },
): FleetDocument {
  const { result: _, ...document } = sampleDocument(stack);
  return { ...document, failure };
}

/** An application that somebody made by hand, with everything that `discover` can tell. */
export const sampleApplication: DiscoveredApplication = {
  displayName: "Mailbox jobs",
  appId: "55555555-5555-4555-8555-555555555555",
  servicePrincipalObjectId: "66666666-6666-4666-8666-666666666666",
  applicationObjectId: "77777777-7777-4777-8777-777777777777",
  access: ["Exchange.ManageAsApp of Office 365 Exchange Online"],
  credentials: [
    {
      kind: "certificate",
      on: "application",
      id: "c1",
      sha256: "AB",
      ends: "2025-01-01T00:00:00Z",
      isExpired: true,
    },
    { kind: "federated", on: "application", id: "github", isExpired: false },
  ],
  owners: [{ of: "application", id: "o1", displayName: "Adele" }],
  lastSignIn: "2026-11-20T05:00:00Z",
  findings: [sampleFinding()],
  declaration: {
    settings: {
      displayName: "Mailbox jobs",
      notes: "n",
      tags: ["t"],
      owners: ["o1"],
      roles: ["Exchange Administrator"],
      allowGlobalAdministrator: true,
      apiPermissions: [{ resource: "MicrosoftGraph", permission: "Mail.Send" }],
      securityAndCompliance: false,
      certificate: {
        generations: [{ name: "1" }, { name: "adopted-1", publicCertificate: "p", acceptedSha256: "AB" }],
      },
      federatedCredentials: [
        { name: "github", issuer: "i", subject: "s", audience: "a", allowWideSubject: true },
      ],
      existingClientId: "55555555-5555-4555-8555-555555555555",
      cloud: "china",
      expectedTenantId: "11111111-1111-4111-8111-111111111111",
    },
    losses: [{ object: "application", property: "web.redirectUris", title: "redirect URIs (web): []" }],
    additions: ["a new certificate, whose key Pulumi creates"],
    undeclared: [{ title: "secret s1", choice: "remove it" }],
  },
};

/** What is found in a tenant with that application, and one that the stack declares. */
export const sampleDiscovery: FoundApplications = {
  applications: [
    {
      displayName: "exchange",
      appId: sampleComponent().appId,
      servicePrincipalObjectId: sampleComponent().servicePrincipalObjectId,
      describedAs: "exchange-auth infrastructure/contoso",
      access: [],
      credentials: [],
      owners: [],
      findings: [],
    },
    sampleApplication,
  ],
  notRead: [
    { what: "last sign-ins", reason: "refused", denied: true, optional: true },
    { what: "roles", reason: "refused", denied: true },
  ],
};

/** One with everything that there can be. */
export const fleetSample: FleetDocument = {
  ...sampleDocument("contoso", {
    audit: sampleReport.sections,
    components: [
      { ...sampleComponent(), tenant: { notRead: "refused" } },
      { ...sampleComponent(), tenant: { application: "blocked" } },
      {
        ...sampleComponent(),
        tenant: { application: "present", servicePrincipalDisabled: true },
        exchangeRoles: { declared: ["d"], findings: ["f"], notRead: "n" },
        federatedCredentials: [{ name: "n", issuer: "i", subject: "s", audience: "a" }],
      },
    ],
  }),
  discovered: sampleDiscovery,
};

/** A file that is no document. */
export const brokenSample: BrokenDocument = { file: "notes.json", reason: "it is no document" };
