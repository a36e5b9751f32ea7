import { expect, test } from "vitest";
import { type ComparedAccess, compareAccess } from "../../../operations/audit/compareAccess.ts";
import type { DeclaredAccess } from "../../../operations/audit/declaredAccess.ts";
import {
  declared,
  nothingElse,
  objects,
  observedFrom,
  type PartName,
  untouchedBodies,
} from "./sampleAccess.ts";

// What is declared and not there; and what is there, is the stack's own, and its program does not declare.

test.each<[string, PartName, string, string]>([
  [
    "EXO-AUDIT-APPLICATION-OWNER-MISSING",
    "applicationOwners",
    "Owner-2",
    "Owner-2, by azuread:Application beside",
  ],
  [
    "EXO-AUDIT-SERVICE-PRINCIPAL-OWNER-MISSING",
    "servicePrincipalOwners",
    "owner-2",
    "owner-2, by azuread:ServicePrincipal beside",
  ],
  [
    "EXO-AUDIT-FEDERATED-CREDENTIAL-MISSING",
    "federatedCredentials",
    expect.stringMatching(/^[0-9a-f]+$/),
    expect.stringMatching(/^[0-9a-f]+, by azuread:ApplicationFederatedIdentityCredential beside$/),
  ],
  [
    "EXO-AUDIT-PERMISSION-MISSING",
    "permissions",
    "resource-exchange-2 dc50a0fb-09a3-484d-be87-e023b12c6440",
    "resource-exchange-2 dc50a0fb-09a3-484d-be87-e023b12c6440, by azuread:AppRoleAssignment beside",
  ],
  [
    "EXO-AUDIT-ROLE-MISSING",
    "roles",
    "principal-of-exchange 29232cdf-9323-42fd-ade2-1d097af3e4de /administrativeunits/unit-2",
    "principal-of-exchange 29232cdf-9323-42fd-ade2-1d097af3e4de /administrativeunits/unit-2, by azuread:DirectoryRoleAssignment beside",
  ],
])("%s: the one that is gone is found alone", async (id, part, subject, words) => {
  const { value } = untouchedBodies()[part] as { value: unknown[] };
  const { section, removals, missing } = await compare({ [part]: { value: value.toSpliced(1, 1) } });
  expect(section.findings).toEqual([
    expect.objectContaining({ id, subject, found: "none", declared: words, remedy: "pulumi up --refresh" }),
  ]);
  expect(removals.size).toBe(0);
  expect(missing.size).toBe(1);
});

test("a user's role that is missing, and one that nobody could look for", async () => {
  const finding = { id: "EXO-AUDIT-USER-ROLE-MISSING", check: "c", subject: "s" };
  const unread = { check: "c", reason: "r", denied: true, optional: true };
  const userRoles = { missing: [finding], unread: [unread] } as unknown as typeof nothingElse.userRoles;
  const { section, missing } = await compare({}, { userRoles });
  expect(section).toMatchObject({ findings: [finding], unread: [unread] });
  expect(missing.size).toBe(1);
});

test("what an update has yet to take away, or to end with, is no finding, and nothing removes it", async () => {
  const role = "principal-of-exchange fe930be7-5e62-47db-91af-98c3a49a38b1 /";
  const item = {
    id: "waiting",
    principalId: objects.servicePrincipalObjectId,
    roleDefinitionId: "fe930be7-5e62-47db-91af-98c3a49a38b1",
    directoryScopeId: "/",
  };
  const { value } = untouchedBodies().roles as { value: unknown[] };
  const bodies = { roles: { value: [...value, item] } };
  const found = await compare(bodies);
  expect(found.section.findings.map(({ id }) => id)).toEqual(["EXO-AUDIT-ROLE"]);

  const waiting = new Map([["EXO-AUDIT-ROLE", new Set([role.toUpperCase()])]]);
  const { section, removals } = await compare(bodies, {}, { ...declared(), waiting });
  expect(section.findings).toEqual([]);
  expect(removals.size).toBe(0);
  expect(section.notes).toContain(
    "Directory role: User Administrator over the whole tenant. It belongs to the stack, but the last update did not finish it. Run `exo-auth repair`, and then `pulumi up`.",
  );
});

async function compare(
  changes: Partial<Record<PartName, unknown>>,
  others: Partial<typeof nothingElse> = {},
  access: DeclaredAccess = declared(),
): Promise<ComparedAccess> {
  return compareAccess({
    name: "exchange",
    objects,
    declared: access,
    observed: await observedFrom({ ...untouchedBodies(), ...changes }),
    ...nothingElse,
    ...others,
    graphUrl: "https://graph.microsoft.com",
    now: new Date("2026-11-23T09:00:00Z"),
  });
}
