import type { TenantWide } from "../../../operations/audit/tenantWide.ts";
import type { Finding, Report, Rule } from "../../../operations/findings/finding.ts";

/** Two rules, of the mildest and of the worst kind. */
export const sampleRules: readonly Rule[] = [
  {
    id: "EXO-TEST-WORST",
    title: "The worst",
    severity: "critical",
    why: "It is bad.",
    source: "https://example.com/worst",
  },
  {
    id: "EXO-TEST-MILD",
    title: "A mild one",
    severity: "low",
    why: "It is not that bad.",
    source: "https://example.com/mild",
  },
];

/** A finding, with everything in it that a format could trip over. */
export function sampleFinding(changes: Partial<Finding> = {}): Finding {
  return {
    ...sampleRules[0]!,
    subject: "subject-1",
    check: "check 1",
    found: `<b>"Müller" & Söhne</b> | \`x\` ]]> \u0007 @team\nnext line 'quoted' \ud800`,
    declared: "none",
    remedy: "az rest --method delete --url 'https://graph.microsoft.com/v1.0/a/$ref'",
    ...changes,
  };
}

/** A report with each of what there can be. */
export const sampleReport: Report = {
  project: "infrastructure",
  stack: "production",
  sections: [
    {
      name: "exchange",
      checks: ["check 1", "check 2", "check 3", "check 4"],
      findings: [sampleFinding(), sampleFinding({ subject: "subject-2", found: "another" })],
      accepted: [
        {
          ...sampleFinding({ ...sampleRules[1]!, check: "check 2", subject: "subject-3" }),
          reason: "agreed & <signed>",
          until: "2027-03-31",
        },
      ],
      unread: [{ check: "check 3", reason: "Microsoft Graph answered 403 <no>", denied: true }],
      notes: ["Nothing keeps credentials off."],
    },
    { name: "reports", checks: ["check 1"], findings: [], accepted: [], unread: [], notes: [] },
  ],
};

/** A report without anything. */
export const cleanReport: Report = { ...sampleReport, sections: [sampleReport.sections[1]!] };

/** Two tenants, as `audit --tenant-wide` lists who can add credentials. */
export const sampleTenantWide: readonly TenantWide[] = [
  {
    tenantDomain: "contoso.onmicrosoft.com",
    holders: [
      {
        principalId: "id-1",
        kind: "user",
        name: "Adele \u001bAdmin",
        right: "Global Administrator",
        way: "updates every application's credentials",
        state: "active",
      },
      {
        principalId: "id-2",
        kind: "group",
        right: "Privileged Role Administrator",
        way: "can assign itself a role that does",
        state: "eligible",
      },
      {
        principalId: "id-3",
        kind: "servicePrincipal",
        name: "[x](https://evil.example)",
        right: "Application.ReadWrite.All",
        way: "updates every application's credentials",
        state: "active",
      },
    ],
    notRead: [
      { what: "holders of A", reason: "no right" },
      { what: "who is eligible for A", reason: "no right" },
    ],
  },
  { tenantDomain: "fabrikam.onmicrosoft.com", holders: [], notRead: [] },
];
