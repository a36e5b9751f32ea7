import { stripVTControlCharacters } from "node:util";

import { expect, test } from "vitest";

import { verifyView } from "../../../cli/views/verifyView.ts";
import type { Verification } from "../../../operations/verification/verify.ts";

const signedIn: Verification = {
  cloud: "global",
  tenantId: "contoso.com",
  tenantDomain: "contoso.com",
  clientId: "CLIENT",
  thumbprint: "AB",
  notAfter: "2027-11-27T10:00:00Z",
  permissions: ["Exchange.ManageAsApp"],
  roles: ["Global Reader"],
  organization: "contoso.onmicrosoft.com",
  attempts: 1,
};

const note = "- Connect-ExchangeOnline takes -Organization contoso.onmicrosoft.com, not contoso.com\n";

test("a certificate file that works with another domain comes with the domain that a job needs", () => {
  expect(viewOf(signedIn)).toContain(note);
});

test.each([
  ["the initial domain, in any case", { ...signedIn, tenantDomain: "Contoso.onmicrosoft.com" }],
  ["a component of a stack", { ...signedIn, component: "exchange" }],
])("nothing is said of the domain for %s", (_, verification) => {
  expect(viewOf(verification)).not.toContain("Connect-ExchangeOnline");
});

test("a cloud that was assumed is named, with how to name the other", () => {
  const verification: Verification = {
    ...signedIn,
    tenantDomain: "contoso.onmicrosoft.us",
    cloud: "usGovernmentHigh",
    otherCloud: "usGovernmentDod",
  };
  const said =
    "- tried in Microsoft 365 GCC High. Tenants of Microsoft 365 DoD have domains that end in .onmicrosoft.us, too. For such a tenant, set ARM_ENVIRONMENT to usgovernmentl5\n";
  expect(viewOf(verification)).toContain(said);
  const problem = { cause: "network", message: "No answer.", remedy: "Try again." } as const;
  expect(viewOf({ ...verification, problem })).toMatch(/Try again\.\n- tried in Microsoft 365 GCC High\./);
  expect(viewOf(signedIn)).not.toContain("tried in");
});

function viewOf(verification: Verification): string {
  return stripVTControlCharacters(verifyView({ ok: true, verifications: [verification], keyElsewhere: [] }));
}
