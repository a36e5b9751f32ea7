import type { CheckedStack } from "../../operations/check/check.ts";
import type { Section } from "../../operations/findings/finding.ts";
import type { FleetDocument } from "../../operations/fleet/fleetDocument.ts";
import type { BrokenDocument } from "../../operations/fleet/fleetFolder.ts";
import type { ComponentStatus } from "../../operations/status.ts";
import { sampleReport } from "./findings/sampleReport.ts";

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

/** One with everything that there can be. */
export const fleetSample: FleetDocument = sampleDocument("contoso", {
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
});

/** A file that is no document. */
export const brokenSample: BrokenDocument = { file: "notes.json", reason: "it is no document" };
