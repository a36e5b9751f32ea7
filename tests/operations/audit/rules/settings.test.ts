import { expect, test } from "vitest";
import { applicationWith, auditSample, declared, type PartName } from "../sampleAccess.ts";

test.each([
  ["AzureADMultipleOrgs", "AzureADMultipleOrgs"],
  [null, "none"],
])("a sign-in audience %j that is not the declared one", async (signInAudience, found) => {
  const { section } = await auditSample(applicationWith({ signInAudience }));
  expect(section.findings).toMatchObject([
    { id: "EXO-AUDIT-SIGN-IN-AUDIENCE", subject: found, found, declared: "AzureADMyOrg" },
  ]);
});

test.each([
  ["AzureADMyOrg", []],
  ["AzureADMultipleOrgs", ["AzureADMultipleOrgs"]],
])("a sign-in audience that nobody declares: %s", async (signInAudience, found) => {
  const { keys, ...others } = declared();
  const without = new Map([...keys].filter(([id]) => id !== "EXO-AUDIT-SIGN-IN-AUDIENCE"));
  const { section } = await auditSample(applicationWith({ signInAudience }), {
    declared: { ...others, keys: without },
  });
  expect(section.findings.map(({ subject }) => subject)).toEqual(found);
});

const anybody = "Anybody with the right role can put credentials on the service principal";
const partly = "The lock of the service principal does not cover all its credentials";

test.each<[object | null, string | undefined]>([
  [null, anybody],
  [{ isEnabled: false, allProperties: true }, anybody],
  [{ isEnabled: null, credentialsWithUsageSign: true, credentialsWithUsageVerify: true }, anybody],
  [{ isEnabled: true }, partly],
  [{ isEnabled: true, credentialsWithUsageSign: true }, partly],
  [{ isEnabled: true, credentialsWithUsageVerify: true }, partly],
  [{ isEnabled: true, credentialsWithUsageSign: true, credentialsWithUsageVerify: true }, undefined],
  [{ isEnabled: true, allProperties: true }, undefined],
])("the lock %j: %s", async (servicePrincipalLockConfiguration, words) => {
  const { section, lock } = await auditSample(applicationWith({ servicePrincipalLockConfiguration }));
  const notes = section.notes.filter((note) => note.includes("To lock it: az rest"));
  expect(notes.map((note) => note.split(". To lock it")[0])).toEqual(words === undefined ? [] : [words]);
  expect(lock).toEqual(
    words === undefined ? undefined : { kind: "lock", applicationObjectId: "application-of-exchange" },
  );
});

test("no lock is proposed where the stack itself declares credentials on the service principal", async () => {
  const { keys, ...others } = declared();
  const withPassword = new Map([...keys, ["EXO-AUDIT-SERVICE-PRINCIPAL-PASSWORD", new Set(["k"])]]);
  const { lock } = await auditSample(applicationWith({ servicePrincipalLockConfiguration: null }), {
    declared: { ...others, keys: withPassword },
  });
  expect(lock).toBeUndefined();
});

test.each<[PartName, string]>([
  ["applicationPolicies", "/applications/application-of-exchange"],
  ["servicePrincipalPolicies", "/servicePrincipals/principal-of-exchange"],
])("%s are found with their names, and are taken off %s", async (part, path) => {
  const policies = [
    { id: "p1", displayName: "Lax" },
    { id: "p2", displayName: null },
  ];
  const { section, removals } = await auditSample({ [part]: { value: policies } });
  expect(section.findings.map(({ id, found }) => [id, found])).toEqual([
    ["EXO-AUDIT-MANAGEMENT-POLICY", '"Lax", id p1'],
    ["EXO-AUDIT-MANAGEMENT-POLICY", '"unnamed", id p2'],
  ]);
  expect([...removals.values()]).toEqual(
    ["p1", "p2"].map((id) => ({ kind: "delete", path: `${path}/appManagementPolicies/${id}/$ref` })),
  );
});

test("a management policy that is switched on is another one than it was", async () => {
  const subjects = [true, false].map(async (isEnabled) => {
    const { section } = await auditSample({ applicationPolicies: { value: [{ id: "p1", isEnabled }] } });
    return section.findings[0]?.subject;
  });
  expect(new Set(await Promise.all(subjects)).size).toBe(2);
});

test("security attributes are found by set and name, without what OData says of them", async () => {
  const customSecurityAttributes = {
    Deployment: {
      "@odata.type": "#microsoft.graph.customSecurityAttributeValue",
      "Projects@odata.type": "#Collection(String)",
      Projects: ["a"],
      Trusted: true,
    },
    Other: { Level: 1 },
  };
  const { section } = await auditSample({ securityAttributes: { id: "p", customSecurityAttributes } });
  expect(section.findings.map(({ found, remedy }) => [found, remedy])).toEqual(
    ['Deployment_Projects is ["a"]', "Deployment_Trusted is true", "Other_Level is 1"].map((found) => [
      found,
      "remove it in the Microsoft Entra admin center, under Custom security attributes",
    ]),
  );
  expect(section.findings[1]?.subject).toMatch(/^Deployment_Trusted [0-9a-f]{32}$/);
});

// The current certificate's lifetime is a year, of which a sixth is 60 days and 20 hours.
test.each([
  ["2027-08-01T03:59:59Z", []],
  ["2027-08-01T04:00:00Z", ["medium it ends at 2027-10-01 00:00 UTC"]],
  ["2027-09-30T23:59:59Z", ["medium it ends at 2027-10-01 00:00 UTC"]],
  ["2027-10-01T00:00:00Z", ["critical it ended at 2027-10-01 00:00 UTC"]],
])("the end of the current certificate, seen at %s", async (now, found) => {
  const { section } = await auditSample({}, { now: new Date(now) });
  expect(section.findings.map((one) => `${one.severity} ${one.found}`)).toEqual(found);
  for (const one of section.findings)
    expect(one).toMatchObject({
      subject: "2027-10-01T00:00:00Z",
      declared: "valid from 2026-10-01 00:00 UTC until 2027-10-01 00:00 UTC",
      remedy: "add a generation to `certificate.generations`, then pulumi up",
    });
});
