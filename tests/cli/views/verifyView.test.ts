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

function viewOf(verification: Verification): string {
  return stripVTControlCharacters(verifyView({ ok: true, verifications: [verification], keyElsewhere: [] }));
}
