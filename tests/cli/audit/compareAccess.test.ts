import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { auditPermissions, compareAccess } from "../../../cli/audit/compareAccess.ts";
import type { ComparedAccess } from "../../../cli/audit/compareAccess.ts";
import type { AccessReads, ObservedAccess } from "../../../cli/audit/observedAccess.ts";
import { removalCommand } from "../../../cli/audit/removal.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import { declared, objects, observedFrom, refusal, untouchedBodies } from "./sampleAccess.ts";

const now = new Date("2026-11-23T09:00:00Z");

test("an untouched application: nothing, whatever declared it", async () => {
  const { section, removals } = await compare();
  expect(section).toMatchObject({ findings: [], accepted: [], unread: [], notes: [] });
  expect(section.checks).toHaveLength(16);
  expect(removals.size).toBe(0);
});

test("a thousand untouched audits, in any order and any pages of Graph's answers: not one finding", async () => {
  const random = generator(20_261_123);
  const clean = await compare();
  for (let round = 0; round < 1000; round += 1) {
    const pages = new Map<string, unknown>();
    const bodies = Object.fromEntries(
      Object.entries(untouchedBodies()).map(([part, body]) => [part, shuffled(part, body, pages, random)]),
    ) as Record<keyof AccessReads, unknown>;
    const observed = await observedFrom(bodies, async (url) => pages.get(url));
    expect(compareWith(observed).section).toEqual(clean.section);
  }
});

test.each<[string, keyof AccessReads, unknown, string, string, string | undefined]>([
  [
    "an eligibility",
    "eligibilities",
    role("schedule-1", objects.servicePrincipalObjectId, "62e90394-69f5-4237-9190-012177145e10", "/"),
    "EXO-AUDIT-ROLE-ELIGIBILITY principal-of-exchange 62e90394-69f5-4237-9190-012177145e10 /",
    "Global Administrator over the whole tenant",
    undefined,
  ],
  [
    "a declared role over another scope",
    "roles",
    role(
      "role-assignment-2",
      objects.servicePrincipalObjectId,
      "29232cdf-9323-42fd-ade2-1d097af3e4de",
      "/administrativeUnits/unit-1",
    ),
    "EXO-AUDIT-ROLE principal-of-exchange 29232cdf-9323-42fd-ade2-1d097af3e4de /administrativeunits/unit-1",
    "Exchange Administrator over /administrativeUnits/unit-1",
    "/roleManagement/directory/roleAssignments/role-assignment-2",
  ],
  [
    "a group that can carry roles",
    "memberships",
    {
      "@odata.type": "#microsoft.graph.group",
      id: "group-2",
      displayName: "Admins",
      isAssignableToRole: true,
    },
    "EXO-AUDIT-ROLE-GROUP group-2",
    'group "Admins", object id group-2',
    "/groups/group-2/members/principal-of-exchange/$ref",
  ],
  [
    "the declared permission of another resource",
    "permissions",
    { id: "assignment-2", appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440", resourceId: "resource-2" },
    "EXO-AUDIT-PERMISSION resource-2 dc50a0fb-09a3-484d-be87-e023b12c6440",
    "Exchange.ManageAsApp of resource-2",
    "/servicePrincipals/principal-of-exchange/appRoleAssignments/assignment-2",
  ],
  [
    "a role over the service principal",
    "rolesOverServicePrincipal",
    role(
      "role-assignment-3",
      "somebody",
      "158c047a-c907-4556-b7ef-446551a6b5f7",
      `/${objects.servicePrincipalObjectId}`,
    ),
    "EXO-AUDIT-SCOPED-ROLE somebody 158c047a-c907-4556-b7ef-446551a6b5f7 /principal-of-exchange",
    "Cloud Application Administrator of principal somebody over /principal-of-exchange",
    "/roleManagement/directory/roleAssignments/role-assignment-3",
  ],
])("%s", async (_name, part, item, finding, found, path) => {
  const bodies = untouchedBodies();
  const list = bodies[part] as { value: unknown[] };
  const { section, removals } = await compare({ [part]: { value: [...list.value, item] } });
  expect(section.findings.map((one) => [`${one.id} ${one.subject}`, one.found])).toEqual([[finding, found]]);
  const removal = removals.get(section.findings[0]!);
  expect(removal).toEqual(path === undefined ? undefined : { kind: "delete", path });
  expect(section.findings[0]?.remedy).toBe(
    path === undefined
      ? "remove it in Privileged Identity Management, under Eligible assignments"
      : `az rest --method delete --url 'https://graph.microsoft.us/v1.0${path}'`,
  );
});

test("a certificate goes by its bytes: another one under a declared keyId is found, a declared one under another is not", async () => {
  const { certificatePem } = await makeCertificate();
  const body = untouchedBodies().application as { keyCredentials: { key: string; keyId: string }[] };
  const [first, second] = body.keyCredentials;
  const swapped = { ...first!, key: new X509Certificate(certificatePem).raw.toString("base64") };
  const renamed = { ...second!, keyId: "another" };
  const { section, removals } = await compare({
    application: { ...body, keyCredentials: [swapped, renamed] },
  });
  const sha256 = new X509Certificate(certificatePem).fingerprint256.replaceAll(":", "");
  expect(section.findings).toMatchObject([
    {
      id: "EXO-AUDIT-APPLICATION-CERTIFICATE",
      subject: sha256,
      declared: "not this one; 2 others",
      remedy: "az ad app credential delete --id application-of-exchange --key-id key-0 --cert",
    },
  ]);
  expect([...removals.values()]).toEqual([
    {
      kind: "certificate",
      holder: { collection: "applications", id: "application-of-exchange" },
      keyId: "key-0",
    },
  ]);
});

test("a certificate in PEM, as azuread writes it, is the same certificate", async () => {
  const body = untouchedBodies().application as { keyCredentials: { key: string }[] };
  const keyCredentials = body.keyCredentials.map((one) => ({
    ...one,
    key: Buffer.from(new X509Certificate(Buffer.from(one.key, "base64")).toString()).toString("base64"),
  }));
  expect((await compare({ application: { ...body, keyCredentials } })).section.findings).toEqual([]);
});

test("a certificate that comes without its bytes is neither found nor passed over", async () => {
  const body = untouchedBodies().application as { keyCredentials: object[] };
  const keyCredentials = body.keyCredentials.map((one) => ({ ...one, key: null }));
  const { section } = await compare({ application: { ...body, keyCredentials } });
  expect(section).toMatchObject({
    findings: [],
    unread: [{ check: "Certificate on the application", denied: false }],
  });
});

test("a key that is no certificate is found", async () => {
  const body = untouchedBodies().application as { keyCredentials: object[] };
  const key = { keyId: "key-9", type: "Symmetric", usage: "Sign", key: null };
  const { section } = await compare({
    application: { ...body, keyCredentials: [...body.keyCredentials, key] },
  });
  expect(section.findings.map(({ subject }) => subject)).toEqual(["KEYID KEY-9"]);
});

test("a grant that has grown is found by what it has grown by, and never removed with what is declared", async () => {
  const grant = { id: "grant-1", resourceId: "resource-exchange", scope: "User.Read openid Mail.Read" };
  const { section, removals } = await compare({ delegatedGrants: { value: [grant] } });
  expect(section.findings).toMatchObject([
    {
      id: "EXO-AUDIT-DELEGATED-GRANT",
      subject: "resource-exchange  Mail.Read",
      remedy: "pulumi up --refresh",
    },
  ]);
  expect(removals.size).toBe(0);
});

test.each<[string, unknown[]]>([
  ["2027-08-01T00:00:00Z", []],
  ["2027-08-02T00:00:00Z", [["EXO-AUDIT-CERTIFICATE-ENDS", "medium"]]],
  ["2027-10-01T00:00:00Z", [["EXO-AUDIT-CERTIFICATE-ENDS", "critical"]]],
])("the end of the certificate at %s", async (time, findings) => {
  const { section } = compareWith(await observedFrom(untouchedBodies()), new Date(time));
  expect(section.findings.map(({ id, severity }) => [id, severity])).toEqual(findings);
});

test("an unlocked service principal is worth a note, not a finding", async () => {
  const body = untouchedBodies().application as object;
  const { section } = await compare({ application: { ...body, servicePrincipalLockConfiguration: null } });
  expect(section.findings).toEqual([]);
  expect(section.notes).toEqual([
    expect.stringContaining("/v1.0/applications/application-of-exchange' --body"),
  ]);
});

test("missing rights are named, part by part, and never taken for nothing found", async () => {
  const observed = await observedFrom(untouchedBodies());
  const denied = Object.fromEntries(
    Object.keys(observed).map((part) => [part, refusal(403, "Authorization_RequestDenied")]),
  ) as unknown as ObservedAccess;
  const { section } = compareWith(denied);
  expect(section.findings).toEqual([]);
  expect(section.unread.every((one) => one.denied)).toBe(true);
  const named = section.unread.map(({ reason }) => /application permission (\S+) of/.exec(reason)?.[1]);
  expect(new Set(named)).toEqual(new Set(auditPermissions));
  const unchecked = section.checks.filter((check) => !section.unread.some((one) => one.check === check));
  expect(unchecked).toEqual(["End of the current certificate"]);
});

test("a failing part is not a missing right, and the others are compared all the same", async () => {
  const observed = await observedFrom({
    ...untouchedBodies(),
    applicationOwners: { value: [{ id: "intruder", displayName: "Ivan" }] },
  });
  const { section } = compareWith({ ...observed, roles: refusal(503, "ServiceUnavailable") });
  expect(section.findings.map(({ subject }) => subject)).toEqual(["intruder"]);
  expect(section.unread).toEqual([
    {
      check: "Directory role",
      reason: "Microsoft Graph answered 503 ServiceUnavailable to GET /part: No.",
      denied: false,
    },
  ]);
});

test("a tenant without Entra ID P2 has no eligibilities to read", async () => {
  const observed = await observedFrom(untouchedBodies());
  const eligibilities = refusal(400, "AadPremiumLicenseRequired");
  expect(compareWith({ ...observed, eligibilities }).section.unread).toEqual([]);
});

test("a group whose properties are hidden is a missing right", async () => {
  const hidden = { "@odata.type": "#microsoft.graph.group", id: "group-3" };
  const { section } = await compare({ memberships: { value: [hidden] } });
  expect(section.unread).toMatchObject([
    { denied: true, reason: expect.stringContaining("GroupMember.Read.All") },
  ]);
});

test("the commands for credentials", () => {
  const holder = { collection: "servicePrincipals", id: "principal-1" } as const;
  expect(removalCommand({ kind: "password", holder, keyId: "key-1" }, "https://graph")).toBe(
    "az ad sp credential delete --id principal-1 --key-id key-1",
  );
});

async function compare(changes: Partial<Record<keyof AccessReads, unknown>> = {}): Promise<ComparedAccess> {
  return compareWith(await observedFrom({ ...untouchedBodies(), ...changes }));
}

function compareWith(observed: ObservedAccess, at = now): ComparedAccess {
  return compareAccess({
    name: "exchange",
    objects,
    declared: declared(),
    observed,
    graphUrl: "https://graph.microsoft.us",
    now: at,
  });
}

function role(id: string, principalId: string, roleDefinitionId: string, directoryScopeId: string): object {
  return { id, principalId, roleDefinitionId, directoryScopeId };
}

/** The same answer in another order, cut into pages. */
function shuffled(part: string, body: unknown, pages: Map<string, unknown>, random: () => number): unknown {
  const { value, ...object } = body as { value?: unknown[] };
  if (value === undefined) {
    const { keyCredentials } = object as { keyCredentials: unknown[] };
    return { ...object, keyCredentials: inAnyOrder(keyCredentials, random) };
  }
  const chunks: unknown[][] = [[]];
  for (const item of inAnyOrder(value, random)) {
    if (random() < 0.5) chunks.push([]);
    chunks.at(-1)?.push(item);
  }
  const address = (index: number): string => `https://graph.microsoft.us/v1.0/${part}?page=${index}`;
  for (const [index, chunk] of chunks.entries()) {
    const isLast = index === chunks.length - 1;
    pages.set(address(index), { value: chunk, ...(isLast ? {} : { "@odata.nextLink": address(index + 1) }) });
  }
  return pages.get(address(0));
}

function inAnyOrder<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => [random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}

/** Mulberry32: the same numbers in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
