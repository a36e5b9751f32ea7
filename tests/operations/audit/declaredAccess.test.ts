import { describe, expect, test } from "vitest";
import { contentHash } from "../../../operations/findings/contentHash.ts";
import { certificateSha256 } from "../../../common/certificate.ts";
import { compareAccess } from "../../../operations/audit/compareAccess.ts";
import { type DeclaredAccess, declaredAccess } from "../../../operations/audit/declaredAccess.ts";
import type { Section } from "../../../operations/findings/finding.ts";
import { stackStateOf } from "../../../stack/components.ts";
import { selectComponent } from "../../../stack/selectComponents.ts";
import { parseExport } from "../../../stack/exportedState.ts";
import { type ExportedResource, exportedComponent, exportOf, sealed } from "../../stack/exportedState.ts";
import {
  furtherBody,
  nothingElse,
  objects,
  observedFrom,
  rolesAddress,
  untouchedBodies,
} from "./sampleAccess.ts";

const exchange = "00000002-0000-0ff1-ce00-000000000000";
const manageAsApp = "dc50a0fb-09a3-484d-be87-e023b12c6440";
const administrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const reader = "5d6b6bb7-de71-4623-b4af-96380a352509";
const record = {
  cloud: "global",
  signInAudience: "AzureADMyOrg",
  owners: [],
  permissions: [{ resourceAppId: exchange, permission: "Exchange.ManageAsApp" }],
  roleTemplateIds: [administrator],
  userRoles: [],
};
/** The application as a refresh wrote it, after somebody had added an owner and opened it. */
const laundered = {
  objectId: objects.applicationObjectId,
  owners: ["intruder"],
  signInAudience: "AzureADMultipleOrgs",
};

test("what a refresh wrote into the component's own resources is not declared", () => {
  const declared = declare(record, [own("azuread:index/application:Application", laundered)]);
  expect([...declared.keys.keys()].toSorted()).toEqual([
    "EXO-AUDIT-APPLICATION-CERTIFICATE",
    "EXO-AUDIT-MANAGER-APPLICATION",
    "EXO-AUDIT-PERMISSION",
    "EXO-AUDIT-ROLE",
    "EXO-AUDIT-SIGN-IN-AUDIENCE",
  ]);
  expect(declared.keys.get("EXO-AUDIT-SIGN-IN-AUDIENCE")).toEqual(new Set(["AzureADMyOrg"]));
  expect(declared.notes).toEqual([]);
});

test("an owner and an audience that a refresh took into the state are found", async () => {
  const declared = declare(record, [own("azuread:index/application:Application", laundered)]);
  const findings = await findingsOf(declared, {
    applicationOwners: { value: [{ id: "intruder", displayName: "Ivan" }] },
    application: { signInAudience: "AzureADMultipleOrgs" },
  });
  expect(findings.filter((id) => /APPLICATION-OWNER |-AUDIENCE /.test(id))).toEqual([
    "EXO-AUDIT-APPLICATION-OWNER intruder",
    "EXO-AUDIT-SIGN-IN-AUDIENCE AzureADMultipleOrgs",
  ]);
});

test.each<[string, string, readonly ExportedResource[], readonly string[]]>([
  ["its own tenant alone", "AzureADMyOrg", [], []],
  [
    "other tenants",
    "AzureADMultipleOrgs",
    [],
    [
      "EXO-AUDIT-SIGN-IN-AUDIENCE AzureADMultipleOrgs, declared: none, remedy: if no other tenant needs it, set `signInAudience` of the application to AzureADMyOrg",
    ],
  ],
  [
    "other tenants, as the stack declares beside the component",
    "AzureADMultipleOrgs",
    [beside("azuread:index/application:Application", laundered)],
    [],
  ],
  [
    "everybody, where the stack declares other tenants",
    "AzureADandPersonalMicrosoftAccount",
    [beside("azuread:index/application:Application", laundered)],
    [
      "EXO-AUDIT-SIGN-IN-AUDIENCE AzureADandPersonalMicrosoftAccount, declared: AzureADMultipleOrgs, remedy: pulumi up --refresh",
    ],
  ],
])(
  "an application that the stack found is open to %s",
  async (_whom, signInAudience, resources, expected) => {
    const { owners: _owners, signInAudience: _audience, ...existing } = record;
    const { findings } = await compared(declare(existing, resources), { application: { signInAudience } });
    const told = findings
      .filter(({ id }) => id === "EXO-AUDIT-SIGN-IN-AUDIENCE")
      .map(
        ({ id, subject, declared, remedy }) => `${id} ${subject}, declared: ${declared}, remedy: ${remedy}`,
      );
    expect(told).toEqual(expected);
  },
);

test.each<[string, string | undefined, readonly ExportedResource[], readonly string[]]>([
  ["the component made it", "AzureADMyOrg", [], []],
  ["the component found it", undefined, [], ["maker"]],
  [
    "the component found it, and the stack makes it beside the component",
    undefined,
    [beside("azuread:index/application:Application", laundered)],
    [],
  ],
  [
    "the component found it, and the program looks it up",
    undefined,
    [{ ...beside("azuread:index/application:Application", laundered), external: true }],
    ["maker"],
  ],
])(
  "an application is managed by the one that made it: %s",
  async (_whose, signInAudience, resources, expected) => {
    const { owners: _owners, signInAudience: _audience, ...existing } = record;
    const inputs = signInAudience === undefined ? existing : record;
    const { findings } = await compared(declare(inputs, resources), {
      application: { createdByAppId: "maker", managerApplications: ["maker"] },
    });
    const managers = findings.filter(({ id }) => id === "EXO-AUDIT-MANAGER-APPLICATION");
    expect(managers.map(({ subject }) => subject)).toEqual(expected);
  },
);

test("what the program only looks up is not declared: every update takes it from the tenant", () => {
  const applicationId = `/applications/${objects.applicationObjectId}`;
  const lookedUp = [
    beside("azuread:index/application:Application", laundered),
    besideIt("ApplicationPassword", { applicationId }),
  ].map((resource) => ({ ...resource, external: true }));
  const declared = declare(record, lookedUp);
  expect([...declared.keys.keys()]).toEqual([...declare(record, []).keys.keys()]);
  expect(declared.keys.get("EXO-AUDIT-SIGN-IN-AUDIENCE")).toEqual(new Set(["AzureADMyOrg"]));
  expect(declared.notes).toEqual([]);
});

const federated = (ids: readonly string[]) =>
  ids.map((id) => id.split(" ")[0]).filter((id) => id?.includes("FEDERATED"));

test("a federated credential is declared by the record, whatever a refresh wrote into its resource", async () => {
  const job = { name: "job", issuer: "https://issuer.example", subject: "job", audience: "a" };
  const type = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential";
  const laundering = {
    applicationId: `/applications/${objects.applicationObjectId}`,
    issuer: job.issuer,
    subject: "intruder",
    audiences: ["a"],
  };
  const declared = declare({ ...record, federatedCredentials: [job] }, [own(type, laundering)]);
  const inTenant = (subject: string) => ({
    federatedCredentials: {
      value: [{ id: "f", name: "job", issuer: job.issuer, subject, audiences: ["a"] }],
    },
  });
  const [by] = declared.expected.get("EXO-AUDIT-FEDERATED-CREDENTIAL")?.values() ?? [];
  expect(by).toBe('federated credential "job" of component "exchange"');
  expect(federated(await findingsOf(declared, inTenant("job")))).toEqual([]);
  expect(federated(await findingsOf(declared, inTenant("intruder")))).toEqual([
    "EXO-AUDIT-FEDERATED-CREDENTIAL",
    "EXO-AUDIT-FEDERATED-CREDENTIAL-MISSING",
  ]);
});

test("a state of 0.1.0 is taken as its resources have it, which is said", () => {
  const declared = declare({ cloud: "global" }, [own("azuread:index/application:Application", laundered)]);
  expect(declared.keys.get("EXO-AUDIT-APPLICATION-OWNER")).toEqual(new Set(["intruder"]));
  expect(declared.notes).toEqual([
    "Release 0.1.0 wrote this state. So the audit takes what the component declares from azuread's resources, which `pulumi refresh` rewrites. Run `pulumi up` once.",
  ]);
});

test("the owners that the record names are declared, and none where it names none", () => {
  const owners = [["friend"], undefined].map((named) =>
    declare({ ...record, owners: named }, []).keys.get("EXO-AUDIT-APPLICATION-OWNER"),
  );
  expect(owners).toEqual([new Set(["friend"]), undefined]);
});

test("half a record is not known, and never nothing declared", async () => {
  const declared = declare({ cloud: "global", owners: [] }, []);
  const { section } = compareAccess({
    name: "exchange",
    objects,
    declared,
    observed: await observedFrom(untouchedBodies()),
    ...nothingElse,
    graphUrl: "https://graph.microsoft.com",
    now: new Date("2026-11-23T09:00:00Z"),
  });
  const reason =
    'The state does not say what component "exchange" declares: it lacks permissions, roleTemplateIds, userRoles, because the last update did not finish. Run `pulumi up`.';
  expect(section.unread).toEqual(
    [
      "Certificate on the application",
      "Declared certificate that the application lacks",
      "Federated identity credential on the application",
      "Declared federated identity credential that the application lacks",
      "Owner of the application",
      "Declared owner that the application lacks",
      "Application that manages this one",
      "Directory role",
      "Declared directory role that the application lacks",
      "App role assignment",
      "Declared permission that the application lacks",
      "Sign-in audience of the application",
    ].map((check) => ({ check, reason, denied: false })),
  );
  const silent = ["OWNER", "ROLE", "PERMISSION", "SIGN-IN-AUDIENCE", "APPLICATION-CERTIFICATE"];
  expect(section.findings.filter(({ id }) => silent.some((word) => id === `EXO-AUDIT-${word}`))).toEqual([]);
});

test("a resource beside the component counts by its inputs", () => {
  const owner = { applicationId: `/applications/${objects.applicationObjectId}`, ownerObjectId: "friend" };
  const declared = declare(record, [
    {
      ...beside("azuread:index/applicationOwner:ApplicationOwner", owner),
      outputs: { ...owner, ownerObjectId: "intruder" },
    },
  ]);
  expect(declared.keys.get("EXO-AUDIT-APPLICATION-OWNER")).toEqual(new Set(["friend"]));
  expect(declared.notes).toEqual([
    "Declared as of the last refresh: azuread:ApplicationOwner beside. `exo-auth audit --against-program` compares with what the program declares now.",
  ]);
});

test("as the program declares it: what a preview does not show is named, and nothing else", () => {
  const applicationId = `/applications/${objects.applicationObjectId}`;
  const owner = beside("azuread:index/applicationOwner:ApplicationOwner", {
    applicationId,
    ownerObjectId: "friend",
  });
  const password = besideIt("ApplicationPassword", { applicationId });
  const declared = declare(record, [owner, password], new Set());
  expect(declared.keys.get("EXO-AUDIT-APPLICATION-OWNER")).toEqual(new Set(["friend"]));
  expect(declared.notes).toEqual([
    "Declared as of the state, because a preview does not show it: azuread:ApplicationPassword beside.",
  ]);
  const all = declare(record, [owner], new Set([owner.urn, ...generationsOf().map(({ urn }) => urn)]));
  expect(all.notes).toEqual([
    "Declared as of the state, because a preview does not show it: azuread:ApplicationOwner beside, exchange-auth:AppCertificate exchange-cert-1, exchange-auth:AppCertificate exchange-cert-2.",
  ]);
  expect(declare(record, [owner], new Set()).notes).toEqual([]);
});

test("a schedule declares the place that it gives, and no other: an owner of a group is no member", async () => {
  const principalId = objects.servicePrincipalObjectId;
  const schedule = (kind: string, assignmentType: string) =>
    beside(`azuread:index/x:PrivilegedAccessGroup${kind}Schedule`, {
      principalId,
      groupId: `group-${assignmentType}`,
      assignmentType,
    });
  const places = ["member", "owner"];
  const declared = declare(
    record,
    places.flatMap((place) => [schedule("Assignment", place), schedule("Eligibility", place)]),
  );
  const scheduleInfo = { startDateTime: "2027-01-01T00:00:00Z" };
  const all = places.flatMap((group) =>
    places.map((accessId) => ({ groupId: `group-${group}`, principalId, accessId, scheduleInfo })),
  );
  const groups = places.map((place) => ({ id: `group-${place}`, isAssignableToRole: true, displayName: "" }));
  const findings = await findingsOf(
    declared,
    {
      groupEligibilities: { value: all },
      groupSchedules: { value: all },
      memberships: { value: groups },
    },
    { follow: async (url) => (url.includes("group-") ? { value: [] } : furtherBody(url)) },
  );
  const times = contentHash([[Date.parse(scheduleInfo.startDateTime), null, null, null], []]);
  expect(findings.filter((id) => id.includes("GROUP"))).toEqual([
    `EXO-AUDIT-GROUP-ELIGIBILITY group-member owner ${times}`,
    `EXO-AUDIT-GROUP-ELIGIBILITY group-owner member ${times}`,
    `EXO-AUDIT-GROUP-SCHEDULE group-member owner ${times}`,
    `EXO-AUDIT-GROUP-SCHEDULE group-owner member ${times}`,
    "EXO-AUDIT-ROLE-GROUP group-owner",
  ]);
});

test("a role until a time is no finding, and not missed where it is not active", async () => {
  const timed = { ...record, timedRoles: [{ roleTemplateId: reader, until: "2027-01-01T00:00:00Z" }] };
  const key = `${objects.servicePrincipalObjectId} ${reader} /`;
  const active = { principalId: objects.servicePrincipalObjectId, roleDefinitionId: reader };
  const roles = { value: [{ ...active, id: "active", directoryScopeId: "/" }] };
  const about = async (inputs: Record<string, unknown>, changes: Changes) =>
    (await findingsOf(declare(inputs, []), changes)).filter((one) => one.endsWith(key));
  expect(await about(record, { roles })).toEqual([`EXO-AUDIT-ROLE ${key}`]);
  expect(await about(timed, { roles })).toEqual([]);
  expect(await about(timed, { roles: { value: [] } })).toEqual([]);
});

test("a role that a declared group gets is found, unless the stack gives it to the group", async () => {
  const [memberObjectId, groupObjectId] = [objects.servicePrincipalObjectId, "group-9"];
  const membership = beside("azuread:index/groupMember:GroupMember", { memberObjectId, groupObjectId });
  const given = beside("azuread:index/directoryRoleAssignment:DirectoryRoleAssignment", {
    principalObjectId: groupObjectId,
    roleId: administrator,
  });
  const memberships = { value: [{ id: groupObjectId, displayName: "Jobs", isAssignableToRole: true }] };
  const follow = async (url: string): Promise<unknown> => {
    if (url !== rolesAddress(groupObjectId)) return furtherBody(url);
    const directoryScopeId = "/";
    const held = [administrator, "62e90394-69f5-4237-9190-012177145e10"];
    return {
      value: held.map((roleDefinitionId, index) => ({
        id: `held-${index}`,
        principalId: groupObjectId,
        roleDefinitionId,
        directoryScopeId,
      })),
    };
  };
  const found = await Promise.all(
    [[membership], [membership, given]].map(async (resources) => {
      const findings = await findingsOf(declare(record, resources), { memberships }, { follow });
      return findings.filter((id) => id.includes(groupObjectId));
    }),
  );
  const global = "EXO-AUDIT-ROLE group-9 62e90394-69f5-4237-9190-012177145e10 /";
  expect(found).toEqual([[`EXO-AUDIT-ROLE group-9 ${administrator} /`, global], [global]]);
});

test("a role within an application's scope declares neither the whole tenant nor another scope", async () => {
  const principalObjectId = objects.servicePrincipalObjectId;
  const scoped = { principalObjectId, roleId: "role-1", appScopeId: "/AccessPackageCatalog/1" };
  const declared = declare(record, [
    beside("azuread:index/directoryRoleAssignment:DirectoryRoleAssignment", scoped),
  ]);
  const held = (id: string, scope: object) => ({
    id,
    principalId: principalObjectId,
    roleDefinitionId: "role-1",
    ...scope,
  });
  const findings = await findingsOf(declared, {
    roles: {
      value: [
        held("everywhere", { directoryScopeId: "/", appScopeId: null }),
        held("declared", { directoryScopeId: null, appScopeId: "/AccessPackageCatalog/1" }),
        held("another", { directoryScopeId: null, appScopeId: "/AccessPackageCatalog/2" }),
      ],
    },
  });
  // What a role allows that Graph does not show.
  const unseen = contentHash(["not known"]);
  expect(findings.filter((id) => id.startsWith("EXO-AUDIT-ROLE "))).toEqual([
    `EXO-AUDIT-ROLE ${principalObjectId.toLowerCase()} role-1 / ${unseen}`,
    `EXO-AUDIT-ROLE ${principalObjectId.toLowerCase()} role-1 application scope /accesspackagecatalog/2 ${unseen}`,
  ]);
});

test("a permission of the record is the one of the tenant's own list, by value or by app role ID", async () => {
  const resources = new Map([
    [
      "resource-1",
      {
        id: "resource-1",
        appId: exchange,
        displayName: "Exchange",
        appRoles: [
          { id: manageAsApp, value: "Exchange.ManageAsApp" },
          { id: "role-2", value: "Mail.Read" },
        ],
      },
    ],
  ]);
  const permissions = { value: [assigned(manageAsApp), assigned("role-2")] };
  for (const permission of ["Exchange.ManageAsApp", manageAsApp]) {
    const declared = declare({ ...record, permissions: [{ resourceAppId: exchange, permission }] }, []);
    const findings = await findingsOf(declared, { permissions }, { resources });
    expect(findings.filter((one) => one.includes("PERMISSION"))).toEqual([
      "EXO-AUDIT-PERMISSION resource-1 role-2",
    ]);
  }
});

test("a credential that waits for its deletion is the stack's own, and not missed", () => {
  const applicationId = `/applications/${objects.applicationObjectId}`;
  const type = "azuread:index/applicationCertificate:ApplicationCertificate";
  const { pem } = untouchedCertificate();
  const declared = declare(record, [
    { ...own(type, { applicationId, keyId: "old", value: pem }), delete: true },
  ]);
  const id = "EXO-AUDIT-APPLICATION-CERTIFICATE";
  expect([...(declared.waiting.get(id) ?? [])].map((key) => key.split(" ")[1])).toEqual(["old"]);
  const named = 'component "exchange"';
  expect(declared.expected.get(id)).toEqual(
    new Map([
      ["sha256 2 key-2", named],
      ["sha256 1 key-1", named],
    ]),
  );
});

describe("in a state that was exported without its secrets", () => {
  const type = "azuread:index/applicationCertificate:ApplicationCertificate";
  const applicationId = `/applications/${objects.applicationObjectId}`;
  test.each([
    ["made here", { certificateId: "serial" }],
    ["made elsewhere", { certificateSha256: certificateSha256(untouchedCertificate().pem).toUpperCase() }],
  ])("the component's own credential is known by what its key ID was made for: %s", (_, keepers) => {
    const declared = declare(record, [
      { ...own(type, { applicationId, keyId: "old", value: sealed }), delete: true },
      { ...own("random:index/randomUuid:RandomUuid", { keepers }), outputs: { result: "old" }, delete: true },
      {
        ...own("tls:index/selfSignedCert:SelfSignedCert", {}),
        id: "serial",
        outputs: { certPem: untouchedCertificate().pem },
        delete: true,
      },
    ]);
    expect([...(declared.waiting.get("EXO-AUDIT-APPLICATION-CERTIFICATE") ?? [])]).toEqual([
      `${certificateSha256(untouchedCertificate().pem)} old`,
    ]);
  });

  test("a credential beside the component needs its certificate, and a password its key ID alone", () => {
    expect(() =>
      declare(record, [besideIt("ApplicationCertificate", { applicationId, value: sealed })]),
    ).toThrow(
      "`value` of `azuread:ApplicationCertificate beside` is a secret, and this command needs its value. So it needs the stack's secrets.",
    );
    const declared = declare(record, [besideIt("ApplicationPassword", { applicationId })]);
    expect([...(declared.keys.get("EXO-AUDIT-APPLICATION-PASSWORD") ?? [])]).toEqual(["beside"]);
  });

  test("a part of the record that is a secret is needed", () => {
    expect(() => declare({ ...record, owners: [sealed] }, [])).toThrow(
      '`owners` of component "exchange" is a secret, and',
    );
  });
});

/** A credential with a secret that is sealed, which no component made. */
function besideIt(word: string, inputs: Record<string, unknown>): ExportedResource {
  return {
    urn: `urn:pulumi:production::infrastructure::azuread:index/x:${word}::beside`,
    type: `azuread:index/x:${word}`,
    inputs,
    outputs: { keyId: "beside", value: sealed },
  };
}

function assigned(appRoleId: string): object {
  return { id: appRoleId, appRoleId, resourceId: "resource-1" };
}

function untouchedCertificate(): { readonly pem: string } {
  const { keyCredentials } = untouchedBodies().application as { keyCredentials: { key: string }[] };
  const base64 = keyCredentials[0]?.key ?? "";
  return { pem: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n` };
}

function declare(
  inputs: Record<string, unknown>,
  resources: readonly ExportedResource[],
  hidden?: ReadonlySet<string>,
): DeclaredAccess {
  const [component] = exportedComponent("production", "infrastructure", "exchange");
  const state = parseExport(exportOf([{ ...component, inputs }, ...generationsOf(), ...resources]));
  return declaredAccess(state.resources, selectComponent(stackStateOf(state), undefined), hidden);
}

function generationsOf(): readonly ExportedResource[] {
  const [, ...children] = exportedComponent("production", "infrastructure", "exchange");
  return children.filter(({ type }) => type.startsWith("exchange-auth:"));
}

function own(type: string, inputs: Record<string, unknown>): ExportedResource {
  const parent = "urn:pulumi:production::infrastructure::exchange-auth:index:ExchangeAppOnlyAuth::exchange";
  return { urn: `${parent}$${type}`, type, parent, inputs, outputs: inputs };
}

function beside(type: string, inputs: Record<string, unknown>): ExportedResource {
  return { urn: `urn:pulumi:production::infrastructure::${type}::beside`, type, inputs, outputs: inputs };
}

interface FindingOptions {
  readonly resources?: Parameters<typeof compareAccess>[0]["resources"];
  readonly follow?: (url: string) => Promise<unknown>;
}

type Changes = Partial<Record<keyof ReturnType<typeof untouchedBodies>, object>>;

async function findingsOf(
  declared: DeclaredAccess,
  changes: Changes,
  options?: FindingOptions,
): Promise<readonly string[]> {
  const { findings } = await compared(declared, changes, options);
  return findings.map(({ id, subject }) => `${id} ${subject}`);
}

async function compared(
  declared: DeclaredAccess,
  changes: Changes,
  { resources = new Map(), follow }: FindingOptions = {},
): Promise<Section> {
  const bodies = untouchedBodies();
  const application = { ...(bodies.application as object), ...changes.application };
  const { section } = compareAccess({
    name: "exchange",
    objects,
    declared,
    observed: await observedFrom({ ...bodies, ...changes, application }, follow),
    ...nothingElse,
    resources,
    graphUrl: "https://graph.microsoft.com",
    now: new Date("2026-11-23T09:00:00Z"),
  });
  return section;
}
