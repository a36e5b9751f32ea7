import { expect, test } from "vitest";

import type { Finding } from "../../../../operations/findings/finding.ts";
import { auditSample, objects } from "../sampleAccess.ts";

const definition = ['{"ClaimsMappingPolicy":{"Version":1}}'];
const { applicationObjectId, servicePrincipalObjectId } = objects;

test.each([
  ["claimsMappingPolicies", "claims mapping policy"],
  ["homeRealmDiscoveryPolicies", "home realm discovery policy"],
  ["tokenIssuancePolicies", "token issuance policy"],
])("one of the %s on either object is found, with the command that takes it off", async (kind, words) => {
  const found = `"Mine" (${words}), ${definition.join("")}, id policy-1`;
  const command = (holder: string): string =>
    `az rest --method delete --url 'https://graph.microsoft.com/v1.0/${holder}/${kind}/policy-1/$ref'`;
  const ofApplication = await findingsOf(kind, [{ id: "somebody" }, { id: applicationObjectId }]);
  expect(ofApplication.map((one) => [one.id, one.severity, one.found, one.remedy])).toEqual([
    ["EXO-AUDIT-SIGN-IN-POLICY", "low", found, command(`applications/${applicationObjectId}`)],
  ]);
  const ofPrincipal = await findingsOf(kind, [{ id: servicePrincipalObjectId }]);
  expect(ofPrincipal.map((one) => one.remedy)).toEqual([
    command(`servicePrincipals/${servicePrincipalObjectId}`),
  ]);
});

test.each(["claimsMappingPolicies", "homeRealmDiscoveryPolicies", "tokenIssuancePolicies"])(
  "one of the %s on others, or as the tenant's default, is none of the application's",
  async (kind) => {
    expect(await findingsOf(kind, [{ id: "somebody" }], { isOrganizationDefault: true })).toEqual([]);
    expect(await findingsOf(kind, [])).toEqual([]);
  },
);

test("a changed definition ends an acceptance, and a policy without a name is called unnamed", async () => {
  const kind = "claimsMappingPolicies";
  const [before] = await findingsOf(kind, [{ id: applicationObjectId }], { displayName: null });
  const [after] = await findingsOf(kind, [{ id: applicationObjectId }], { definition: ["{}"] });
  expect(before?.found).toBe(`"unnamed" (claims mapping policy), ${definition.join("")}, id policy-1`);
  expect(before?.subject).toMatch(/^policy-1 [0-9a-f]{32}$/);
  expect(after?.subject).toMatch(/^policy-1 [0-9a-f]{32}$/);
  expect(after?.subject).not.toBe(before?.subject);
});

/** What an audit finds of a policy that applies to these. */
async function findingsOf(
  kind: string,
  targets: readonly { readonly id: string }[],
  more: object = {},
): Promise<readonly Finding[]> {
  const policies = { value: [{ id: "policy-1", displayName: "Mine", definition, ...more }] };
  const { section } = await auditSample({ [kind]: policies }, {}, async (url) => ({
    value: url === `/v1.0/policies/${kind}/policy-1/appliesTo` ? targets : [],
  }));
  return section.findings;
}
