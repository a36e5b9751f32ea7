import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { compareAccess } from "../../../operations/audit/compareAccess.ts";
import type { ComparedAccess } from "../../../operations/audit/compareAccess.ts";
import type { ObservedAccess } from "../../../operations/audit/observedAccess.ts";
import { auditPermissions, optionalAuditPermissions } from "../../../operations/audit/rules.ts";
import { removalCommand } from "../../../graph/removal.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import type { PartName } from "./sampleAccess.ts";
import {
  declared,
  furtherAddresses,
  furtherBody,
  intrudingPolicies,
  nothingElse,
  objects,
  observedFrom,
  refusal,
  refused,
  untouchedBodies,
} from "./sampleAccess.ts";

const now = new Date("2026-11-23T09:00:00Z");
const declaredAccess = declared();

test("an untouched application: nothing, whatever declared it", async () => {
  const { section, removals } = await compare();
  expect(section).toMatchObject({ findings: [], accepted: [], unread: [] });
  expect(section.notes).toEqual([expect.stringMatching(/^Declared as of the last refresh: /)]);
  expect(section.checks).toHaveLength(44);
  expect(removals.size).toBe(0);
});

test("a thousand untouched audits, in any order and any pages of Graph's answers: not one finding", async () => {
  const random = generator(20_261_123);
  const clean = await compare();
  const orders = new Set<string>();
  const paged = new Set<string>();
  for (let round = 0; round < 1000; round += 1) {
    const { bodies, order, pages } = shuffledAnswers(untouchedBodies(), random);
    for (const address of pages.keys()) paged.add(partOf(address));
    const read: string[] = [];
    const observed = await observedFrom(bodies, async (url) => {
      read.push(url);
      return pages.get(url) ?? furtherBody(url);
    });
    expect(compareWith(observed).section).toEqual(clean.section);
    expect([...new Set(read)].toSorted()).toEqual([...pages.keys(), ...furtherAddresses].toSorted());
    orders.add(order);
  }
  expect(orders.size).toBe(1000);
  expect([...paged].toSorted()).toEqual(filledParts.toSorted());
});

test("in any of them, what does not belong there is found alone, on whichever page it is", async () => {
  const random = generator(20_261_126);
  for (let round = 0; round < 1000; round += 1) {
    const part = listParts[round % listParts.length]!;
    const bodies = untouchedBodies();
    const { value } = bodies[part] as { value: unknown[] };
    const answers = shuffledAnswers({ ...bodies, [part]: { value: [...value, intruders[part]] } }, random);
    const observed = await observedFrom(
      answers.bodies,
      async (url) => answers.pages.get(url) ?? furtherBody(url),
    );
    const { findings, unread } = compareWith(observed).section;
    expect({ part, found: findings.map(({ id }) => id), unread }).toEqual({
      part,
      found: [intruders[part].rule],
      unread: [],
    });
  }
});

test.each<[string, PartName, unknown, string, string, string | undefined]>([
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
    'group "Admins", object ID group-2',
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

test("a certificate goes by its bytes and its keyId: another one under a declared keyId is found, and the declared one is missing", async () => {
  const { certificatePem } = await makeCertificate();
  const body = untouchedBodies().application as { keyCredentials: { key: string; keyId: string }[] };
  const [first, ...others] = body.keyCredentials;
  const swapped = { ...first!, key: new X509Certificate(certificatePem).raw.toString("base64") };
  const { section, removals, missing } = await compare({
    application: { ...body, keyCredentials: [swapped, ...others] },
  });
  const sha256 = new X509Certificate(certificatePem).fingerprint256.replaceAll(":", "");
  expect(section.findings).toMatchObject([
    {
      id: "EXO-AUDIT-APPLICATION-CERTIFICATE",
      subject: sha256,
      declared: "not this one; 3 others",
      remedy: "az ad app credential delete --id application-of-exchange --key-id key-0 --cert",
    },
    { id: "EXO-AUDIT-CERTIFICATE-MISSING", found: "none", remedy: "pulumi up --refresh" },
  ]);
  expect(section.findings[1]?.subject).toBe(
    `${new X509Certificate(Buffer.from(first!.key, "base64")).fingerprint256.replaceAll(":", "")} key-0`,
  );
  expect([...missing]).toEqual([section.findings[1]]);
  expect([...removals.values()]).toEqual([
    {
      kind: "certificate",
      holder: { collection: "applications", id: "application-of-exchange" },
      keyId: "key-0",
    },
  ]);
});

test("the declared bytes a second time, under another keyId, are found and removed by that keyId", async () => {
  const body = untouchedBodies().application as { keyCredentials: { key: string; keyId: string }[] };
  const again = { ...body.keyCredentials[0]!, keyId: "dddddddd-0000-4000-8000-000000000001" };
  const { section, removals } = await compare({
    application: { ...body, keyCredentials: [again, ...body.keyCredentials] },
  });
  const sha256 = new X509Certificate(Buffer.from(again.key, "base64")).fingerprint256.replaceAll(":", "");
  expect(section.findings.map(({ id, subject }) => [id, subject])).toEqual([
    ["EXO-AUDIT-APPLICATION-CERTIFICATE", `${sha256} dddddddd-0000-4000-8000-000000000001`],
  ]);
  expect([...removals.values()]).toMatchObject([{ keyId: "dddddddd-0000-4000-8000-000000000001" }]);
});

test.each<[string, Record<string, unknown>]>([
  ["subject", { subject: "repo:attacker/evil:ref:refs/heads/main" }],
  ["issuer", { issuer: "https://elsewhere" }],
  ["audiences", { audiences: ["a"] }],
  ["expression", { claimsMatchingExpression: { value: "claims['sub'] matches '*'", languageVersion: 1 } }],
])(
  "a declared federated credential with another %s is found, the declared one missing, and accepted by its content",
  async (_name, change) => {
    const { value } = untouchedBodies().federatedCredentials as { value: object[] };
    const [first, ...others] = value;
    const found = async (one: object) =>
      (await compare({ federatedCredentials: { value: [one, ...others] } })).section.findings;
    const [finding, ...more] = await found({ ...first, ...change });
    expect(more.map(({ id }) => id)).toEqual(["EXO-AUDIT-FEDERATED-CREDENTIAL-MISSING"]);
    expect(finding).toMatchObject({ id: "EXO-AUDIT-FEDERATED-CREDENTIAL", severity: "critical" });
    expect(finding?.subject).toMatch(/^federated-1 [0-9a-f]{32}$/);
    const [changed] = await found({ ...first, ...change, subject: "yet another" });
    expect(changed?.subject).not.toBe(finding?.subject);
  },
);

async function subjectOf(restrictions: unknown): Promise<string | undefined> {
  const policy = { id: "policy-1", isEnabled: true, restrictions };
  const { findings } = (await compare({ applicationPolicies: { value: [policy] } })).section;
  return findings[0]?.subject;
}

test("a management policy's acceptance ends when what it allows changes", async () => {
  expect(await subjectOf({ a: 1 })).toMatch(/^policy-1 [0-9a-f]{32}$/);
  expect(await subjectOf({ a: 1 })).not.toBe(await subjectOf({ a: 2 }));
});

test("a consent and a role that are declared and gone are found", async () => {
  const bodies = untouchedBodies();
  const without = (part: PartName) => ({ value: (bodies[part] as { value: unknown[] }).value.slice(1) });
  const { section, missing } = await compare({
    permissions: without("permissions"),
    roles: without("roles"),
  });
  expect(section.findings.map(({ id, subject, severity }) => [id, subject, severity])).toEqual([
    ["EXO-AUDIT-PERMISSION-MISSING", "resource-exchange-1 dc50a0fb-09a3-484d-be87-e023b12c6440", "medium"],
    ["EXO-AUDIT-ROLE-MISSING", "principal-of-exchange 29232cdf-9323-42fd-ade2-1d097af3e4de /", "medium"],
  ]);
  expect(missing.size).toBe(2);
});

test("what could not be read is not missing", async () => {
  const observed = await observedFrom({ ...untouchedBodies(), roles: { value: [] } });
  const { section } = compareWith(refused(observed, "roles", refusal(403, "Authorization_RequestDenied")));
  expect(section.findings).toEqual([]);
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
    unread: ["Certificate on the application", "Declared certificate that the application lacks"].map(
      (check) => ({ check, denied: false }),
    ),
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
  const grant = { id: "grant-1", resourceId: "resource-exchange-1", scope: "User.Read openid Mail.Read" };
  const { section, removals } = await compare({ delegatedGrants: { value: [grant] } });
  expect(section.findings).toMatchObject([
    {
      id: "EXO-AUDIT-DELEGATED-GRANT",
      subject: "resource-exchange-1  Mail.Read",
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
  expect(section.notes.slice(1)).toEqual([
    expect.stringContaining("/v1.0/applications/application-of-exchange' --body"),
  ]);
});

test.each<[string, object, string, string]>([
  [
    "a redirect URI",
    { web: { redirectUris: ["https://evil.example/cb"] } },
    "EXO-AUDIT-REDIRECT-URI web https://evil.example/cb",
    "https://evil.example/cb (web)",
  ],
  [
    "implicit grant",
    { web: { implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: false } } },
    "EXO-AUDIT-IMPLICIT-GRANT enableAccessTokenIssuance",
    "enableAccessTokenIssuance is on",
  ],
  [
    "public client flows",
    { isFallbackPublicClient: true },
    "EXO-AUDIT-PUBLIC-CLIENT isFallbackPublicClient",
    "isFallbackPublicClient is on",
  ],
])("%s is found alone", async (_name, change, finding, found) => {
  const body = untouchedBodies().application as object;
  const { section } = await compare({ application: { ...body, ...change } });
  expect(section.findings.map((one) => [`${one.id} ${one.subject}`, one.found, one.severity])).toEqual([
    [finding, found, "medium"],
  ]);
});

test("a lock that covers nothing, a block, and attributes that nobody may see are told", async () => {
  const body = untouchedBodies().application as object;
  const { section } = await compare({
    application: {
      ...body,
      isDisabled: true,
      servicePrincipalLockConfiguration: { isEnabled: true, allProperties: false },
    },
    securityAttributes: { id: "principal" },
  });
  expect(section.findings).toEqual([]);
  expect(section.notes.slice(1)).toEqual([
    expect.stringMatching(/^The lock of the service principal does not cover all its credentials\. /),
    "The application is blocked (isDisabled). It gets no token, so nothing that is found here works now.",
  ]);
  expect(section.unread).toEqual([
    {
      check: "Custom security attribute of the service principal",
      reason:
        "the identity lacks the application permission CustomSecAttributeAssignment.Read.All of Microsoft Graph",
      denied: true,
      optional: true,
    },
  ]);
});

test("an attribute that a policy can exempt is found", async () => {
  const { section } = await compare({
    securityAttributes: { id: "principal", customSecurityAttributes: { Deployment: { Trusted: "yes" } } },
  });
  expect(section.findings.map(({ id, found }) => [id, found])).toEqual([
    ["EXO-AUDIT-SECURITY-ATTRIBUTE", 'Deployment_Trusted is "yes"'],
  ]);
});

test("missing rights are named, part by part, and never taken for nothing found", async () => {
  const observed = await observedFrom(untouchedBodies());
  const denied: ObservedAccess = Object.fromEntries(
    Object.keys(observed).map((part) => [part, refusal(403, "Authorization_RequestDenied")]),
  );
  const { section } = compareWith(denied);
  expect(section.findings).toEqual([]);
  expect(section.unread.every((one) => one.denied)).toBe(true);
  const named = section.unread.map(({ reason }) => /application permission (\S+) of/.exec(reason)?.[1]);
  expect(new Set(named)).toEqual(new Set([...auditPermissions, ...optionalAuditPermissions]));
  expect(auditPermissions).toEqual([
    "Application.Read.All",
    "DelegatedPermissionGrant.Read.All",
    "GroupMember.Read.All",
    "RoleManagement.Read.Directory",
  ]);
  const optional = section.unread.filter((one) => one.optional === true).map(({ check }) => check);
  expect(optional).toEqual([
    "Federated identity credential on the service principal",
    "Place in a group with a role over the application",
    "Eligibility for a group",
    "Place in a group that starts later",
    "Custom security attribute of the service principal",
    "Token lifetime policy of the application",
    "Policy of the application for claims, sign-in pages or SAML tokens",
  ]);
  const unchecked = section.checks.filter((check) => !section.unread.some((one) => one.check === check));
  expect(unchecked).toEqual(["End of the current certificate", "Declared directory role that a user lacks"]);
});

test("a failing part is not a missing right, and the others are compared all the same", async () => {
  const bodies = untouchedBodies();
  const { value } = bodies.applicationOwners as { value: object[] };
  const observed = await observedFrom({
    ...bodies,
    applicationOwners: { value: [...value, { id: "intruder", displayName: "Ivan" }] },
  });
  const { section } = compareWith(refused(observed, "roles", refusal(503, "ServiceUnavailable")));
  expect(section.findings.map(({ subject }) => subject)).toEqual(["intruder"]);
  const reason = "Microsoft Graph answered 503 ServiceUnavailable to GET /part: No.";
  const checks = [
    "Directory role",
    "Declared directory role that the application lacks",
    "Custom directory role",
  ];
  expect(section.unread).toEqual(checks.map((check) => ({ check, reason, denied: false })));
});

test("a tenant without Entra ID P2 has no eligibilities to read", async () => {
  const observed = await observedFrom(untouchedBodies());
  const eligibilities = refusal(400, "AadPremiumLicenseRequired");
  expect(compareWith(refused(observed, "eligibilities", eligibilities)).section.unread).toEqual([]);
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

async function compare(changes: Partial<Record<PartName, unknown>> = {}): Promise<ComparedAccess> {
  return compareWith(await observedFrom({ ...untouchedBodies(), ...changes }));
}

function compareWith(observed: ObservedAccess, at = now): ComparedAccess {
  return compareAccess({
    name: "exchange",
    objects,
    declared: declaredAccess,
    observed,
    ...nothingElse,
    graphUrl: "https://graph.microsoft.us",
    now: at,
  });
}

function role(id: string, principalId: string, roleDefinitionId: string, directoryScopeId: string): object {
  return { id, principalId, roleDefinitionId, directoryScopeId };
}

/** A role whose schedule has not started. */
function later(principalId: string, scope: string): object {
  const scheduleInfo = { startDateTime: "2027-01-01T00:00:00Z" };
  return { ...role("9", principalId, "role-9", scope), scheduleInfo };
}

/** One undeclared item for each part that is a list, with the kind of finding that it is. */
const intruders = {
  applicationOwners: { rule: "EXO-AUDIT-APPLICATION-OWNER", id: "intruder" },
  federatedCredentials: {
    rule: "EXO-AUDIT-FEDERATED-CREDENTIAL",
    id: "intruder",
    name: "n",
    issuer: "https://evil",
  },
  applicationPolicies: { rule: "EXO-AUDIT-MANAGEMENT-POLICY", id: "policy-1" },
  servicePrincipalPolicies: { rule: "EXO-AUDIT-MANAGEMENT-POLICY", id: "policy-1" },
  servicePrincipalOwners: { rule: "EXO-AUDIT-SERVICE-PRINCIPAL-OWNER", id: "intruder" },
  permissions: {
    rule: "EXO-AUDIT-PERMISSION",
    id: "assignment-9",
    appRoleId: "role-9",
    resourceId: "resource-9",
  },
  delegatedGrants: {
    rule: "EXO-AUDIT-DELEGATED-GRANT",
    id: "grant-9",
    resourceId: "resource-9",
    scope: "Mail.Read",
  },
  memberships: {
    rule: "EXO-AUDIT-ROLE-GROUP",
    id: "group-9",
    displayName: "Admins",
    isAssignableToRole: true,
  },
  roles: { rule: "EXO-AUDIT-ROLE", ...role("9", objects.servicePrincipalObjectId, "role-9", "/") },
  eligibilities: {
    rule: "EXO-AUDIT-ROLE-ELIGIBILITY",
    ...role("9", objects.servicePrincipalObjectId, "role-9", "/"),
  },
  eligibilitiesOverApplication: {
    rule: "EXO-AUDIT-SCOPED-ROLE-ELIGIBILITY",
    ...role("9", "intruder", "role-9", `/${objects.applicationObjectId}`),
  },
  eligibilitiesOverServicePrincipal: {
    rule: "EXO-AUDIT-SCOPED-ROLE-ELIGIBILITY",
    ...role("9", "intruder", "role-9", `/${objects.servicePrincipalObjectId}`),
  },
  roleSchedules: { rule: "EXO-AUDIT-ROLE-SCHEDULE", ...later(objects.servicePrincipalObjectId, "/") },
  schedulesOverApplication: {
    rule: "EXO-AUDIT-ROLE-SCHEDULE",
    ...later("intruder", `/${objects.applicationObjectId}`),
  },
  schedulesOverServicePrincipal: {
    rule: "EXO-AUDIT-ROLE-SCHEDULE",
    ...later("intruder", `/${objects.servicePrincipalObjectId}`),
  },
  groupEligibilities: {
    rule: "EXO-AUDIT-GROUP-ELIGIBILITY",
    groupId: "group-9",
    principalId: objects.servicePrincipalObjectId,
    accessId: "member",
  },
  groupSchedules: {
    rule: "EXO-AUDIT-GROUP-SCHEDULE",
    groupId: "group-9",
    principalId: objects.servicePrincipalObjectId,
    scheduleInfo: { startDateTime: "2027-01-01T00:00:00Z" },
  },
  ...intrudingPolicies,
  ownedObjects: { rule: "EXO-AUDIT-OWNED-OBJECT", id: "group-9", displayName: "Admins" },
  rolesOverApplication: {
    rule: "EXO-AUDIT-SCOPED-ROLE",
    ...role("9", "intruder", "role-9", `/${objects.applicationObjectId}`),
  },
  rolesOverServicePrincipal: {
    rule: "EXO-AUDIT-SCOPED-ROLE",
    ...role("9", "intruder", "role-9", `/${objects.servicePrincipalObjectId}`),
  },
} as const satisfies Partial<Record<PartName, { readonly rule: string } & Record<string, unknown>>>;
/** The parts of which an untouched application has any, so that they can come in pages. */
const filledParts = Object.entries(untouchedBodies())
  .filter(([, body]) => ((body as { value?: unknown[] }).value?.length ?? 0) > 0)
  .map(([part]) => part);
const listParts = Object.keys(intruders) as (keyof typeof intruders)[];

interface ShuffledAnswers {
  readonly bodies: Record<PartName, unknown>;
  /** The further pages, by their addresses. */
  readonly pages: ReadonlyMap<string, unknown>;
  /** All that they say, in its order. */
  readonly order: string;
}

/** The same answers in another order, in pages of two items at most. */
function shuffledAnswers(untouched: Record<PartName, unknown>, random: () => number): ShuffledAnswers {
  const pages = new Map<string, unknown>();
  const entries = Object.entries(untouched).map(
    ([part, body]) => [part, shuffled(part, body, pages, random)] as const,
  );
  const bodies = Object.fromEntries(entries) as ShuffledAnswers["bodies"];
  return { bodies, pages, order: JSON.stringify([bodies, [...pages]]) };
}

function shuffled(part: string, body: unknown, pages: Map<string, unknown>, random: () => number): unknown {
  const { value, ...object } = body as { value?: unknown[] };
  if (value === undefined) {
    const { keyCredentials } = object as { keyCredentials?: unknown[] };
    if (keyCredentials === undefined) return object;
    return { ...object, keyCredentials: inAnyOrder(keyCredentials, random) };
  }
  const chunks: unknown[][] = [[]];
  for (const item of inAnyOrder(value, random)) {
    if (chunks.at(-1)?.length === 2 || random() < 0.3) chunks.push([]);
    chunks.at(-1)?.push(item);
  }
  const address = (index: number): string => `https://graph.microsoft.us/v1.0/${part}?page=${index}`;
  const answers = chunks.map((chunk, index) => ({
    value: chunk,
    ...(index === chunks.length - 1 ? {} : { "@odata.nextLink": address(index + 1) }),
  }));
  for (const [index, answer] of answers.entries()) if (index > 0) pages.set(address(index), answer);
  return answers[0];
}

function partOf(address: string): string {
  return new URL(address).pathname.split("/").at(-1) ?? "";
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
