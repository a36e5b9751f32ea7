import { X509Certificate } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";

import { readCertificate } from "../../../common/certificate.ts";
import { builtInRoles } from "../../../microsoft/builtInRoles.ts";
import type { Sandbox } from "../../../sandbox/createSandbox.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { type KeyPair, makeKeyPair } from "../../components/mocks.ts";
import { deployedSandbox } from "../savedStacks.ts";
import { expectNoChanges, outputs, up, writeConfiguration } from "../support.ts";
import { intruderId, tenantGraph, type TenantGraph } from "../tenantGraph.ts";

// One saved stack, whose arguments are set, changed and unset, each by itself: whatever an argument has brought about
// goes with it.
let sandbox: Sandbox;
let stack: StackWorkspace;
let graph: TenantGraph;
/** The object ID of the deploying identity. */
let deployer: string;
/** Where no argument is set. */
let start: Observed;

beforeAll(async () => {
  ({ sandbox, stack } = await deployedSandbox("open"));
  graph = tenantGraph(sandbox.tenant);
  deployer = await deployerObjectId();
  start = await observe();
});

afterAll(() => sandbox.close());

/** What the arguments declare, as the tenant and the stack's outputs show it. */
type Observed = Readonly<Record<(typeof observed)[number], unknown>>;

const observed = [
  "displayName",
  "notes",
  "tags",
  "owners",
  "permissions",
  "roles",
  "userRoles",
  "credentials",
  "federated",
  "outputs",
  "thumbprint",
  "pfxBase64",
] as const;

/** An update: the settings that it brings up, and what comes of them. */
interface Step {
  readonly settings: Record<string, unknown>;
  /** What the engine does. */
  readonly changes?: readonly string[];
  /** What is different then from the stack without settings. */
  readonly different?: Partial<Observed>;
  /** What is said where nothing is done. */
  readonly refused?: string;
}

const application = "update azuread:Application exchange";
// What grants access stands in the component's own record, too.
const record = "update exchange-auth:ExchangeAppOnlyAuth exchange";
const consent = (name: string): string => `azuread:AppRoleAssignment exchange-${name}`;
const role = (name: string): string => `azuread:DirectoryRoleAssignment exchange-${name}`;
const complianceConsent = consent("office365-exchange-online-protection-exchange-manage-as-app");

const manageAsApp = "Office 365 Exchange Online Exchange.ManageAsApp";
const withCompliance = {
  permissions: ["Microsoft Exchange Online Protection Exchange.ManageAsApp", manageAsApp],
  outputs: expect.arrayContaining(["connectIppsSession"]) as unknown,
};
const current = "Exchange Online automation, 364 days, 2048 bits";

const made = (generation: string): string[] => [
  `create azuread:ApplicationCertificate exchange-cert-${generation}`,
  `create exchange-auth:AppCertificate exchange-cert-${generation}`,
  `create random:RandomPassword exchange-cert-${generation}-pfx-password`,
  `create random:RandomUuid exchange-cert-${generation}-key-id`,
  `create tls:PrivateKey exchange-cert-${generation}-key`,
  `create tls:SelfSignedCert exchange-cert-${generation}`,
];
const removed = (generation: string): string[] =>
  made(generation).map((change) => change.replace("create", "delete"));

const vaults = [makeKeyPair("/CN=vault0"), makeKeyPair("/CN=vault1")] as const;
const weak = makeKeyPair("/CN=weak", 364, ["rsa:1024"]);

const steps: Readonly<Record<string, () => readonly Step[]>> = {
  displayName: () => [
    { settings: { displayName: "Day" }, changes: [application], different: { displayName: "Day" } },
    { settings: { displayName: "Night" }, changes: [application], different: { displayName: "Night" } },
    { settings: {}, changes: [application] },
  ],
  notes: () => [
    { settings: { notes: "At 2." }, changes: [application], different: { notes: "At 2." } },
    { settings: { notes: "At 3." }, changes: [application], different: { notes: "At 3." } },
    { settings: {}, changes: [application] },
  ],
  tags: () => [
    { settings: { tags: ["a", "b"] }, changes: [application], different: { tags: ["a", "b"] } },
    { settings: { tags: ["b", "c"] }, changes: [application], different: { tags: ["b", "c"] } },
    { settings: {}, changes: [application] },
  ],
  owners: () => [
    {
      settings: { owners: [intruderId] },
      changes: [application, record],
      different: { owners: [intruderId] },
    },
    {
      settings: { owners: [deployer] },
      changes: [application, record],
      different: { owners: [deployer] },
    },
    { settings: {}, changes: [application, record] },
  ],
  roles: () => [
    {
      settings: { roles: ["Helpdesk Administrator"] },
      changes: [
        `create ${role("helpdesk-administrator")}`,
        `delete ${role("exchange-administrator")}`,
        record,
      ],
      different: { roles: ["Helpdesk Administrator"] },
    },
    {
      settings: { roles: ["Helpdesk Administrator", "Security Reader"] },
      changes: [`create ${complianceConsent}`, `create ${role("security-reader")}`, application, record],
      different: {
        roles: ["Helpdesk Administrator", "Security Reader"],
        ...withCompliance,
      },
    },
    {
      settings: {},
      changes: [
        `create ${role("exchange-administrator")}`,
        `delete ${complianceConsent}`,
        `delete ${role("helpdesk-administrator")}`,
        `delete ${role("security-reader")}`,
        application,
        record,
      ],
    },
  ],
  "securityAndCompliance, beside a role that opens it": () => [
    {
      settings: { roles: ["Security Reader"], securityAndCompliance: false },
      changes: [`create ${role("security-reader")}`, `delete ${role("exchange-administrator")}`, record],
      different: { roles: ["Security Reader"] },
    },
    {
      settings: { roles: ["Security Reader"], securityAndCompliance: true },
      changes: [`create ${complianceConsent}`, application, record],
      different: { roles: ["Security Reader"], ...withCompliance },
    },
    {
      settings: { roles: ["Security Reader"] },
      different: { roles: ["Security Reader"], ...withCompliance },
    },
    {
      settings: { securityAndCompliance: false },
      changes: [
        `create ${role("exchange-administrator")}`,
        `delete ${complianceConsent}`,
        `delete ${role("security-reader")}`,
        application,
        record,
      ],
    },
    { settings: {} },
  ],
  allowGlobalAdministrator: () => [
    { settings: { allowGlobalAdministrator: true } },
    {
      settings: {
        allowGlobalAdministrator: true,
        roles: ["Global Administrator"],
        securityAndCompliance: false,
      },
      changes: [`create ${role("global-administrator")}`, `delete ${role("exchange-administrator")}`, record],
      different: { roles: ["Global Administrator"] },
    },
    {
      settings: { roles: ["Global Administrator"], securityAndCompliance: false },
      different: { roles: ["Global Administrator"] },
      refused:
        'ExchangeAppOnlyAuth "exchange" has one problem, nothing was created:\n  - `roles[0]` is "Global Administrator", which Microsoft advises against. Choose a narrower role, or set `allowGlobalAdministrator` to true.',
    },
    {
      settings: { allowGlobalAdministrator: false },
      changes: [`create ${role("exchange-administrator")}`, `delete ${role("global-administrator")}`, record],
    },
    { settings: {} },
  ],
  // `exo-auth grant` makes them true; an update only records them.
  timedRoles: () => [
    {
      settings: { timedRoles: [{ role: "Global Reader", until: "2099-01-31" }] },
      changes: [
        `create ${complianceConsent}`,
        `delete ${role("exchange-administrator")}`,
        application,
        record,
      ],
      different: { roles: [], ...withCompliance },
    },
    {
      settings: {
        roles: ["Exchange Administrator"],
        timedRoles: [{ role: "Exchange Administrator", until: "2099-01-31" }],
      },
      different: { roles: [], ...withCompliance },
      refused:
        'ExchangeAppOnlyAuth "exchange" has one problem, nothing was created:\n  - `timedRoles[0].role` is "Exchange Administrator", which `roles` has too, without an end. Remove one of the two.',
    },
    {
      settings: {},
      changes: [
        `create ${role("exchange-administrator")}`,
        `delete ${complianceConsent}`,
        application,
        record,
      ],
    },
  ],
  "exchangeRoleGroups, exchangeRoles and complianceRoleGroups": () => [
    {
      settings: { exchangeRoleGroups: ["View-Only Organization Management"] },
      changes: [`delete ${role("exchange-administrator")}`, record],
      different: { roles: [] },
    },
    {
      settings: { exchangeRoles: [{ role: "Mail Recipients", recipientFilter: "Department -eq 'Sales'" }] },
      changes: [record],
      different: { roles: [] },
    },
    {
      settings: { complianceRoleGroups: ["Security Reader"] },
      changes: [`create ${complianceConsent}`, application, record],
      different: { roles: [], ...withCompliance },
    },
    {
      settings: {},
      changes: [
        `create ${role("exchange-administrator")}`,
        `delete ${complianceConsent}`,
        application,
        record,
      ],
    },
  ],
  apiPermissions: () => [
    {
      settings: { apiPermissions: [{ resource: "MicrosoftGraph", permission: "User.Read.All" }] },
      changes: [`create ${consent("microsoft-graph-user-read-all")}`, application, record],
      different: { permissions: ["Microsoft Graph User.Read.All", manageAsApp] },
    },
    {
      settings: { apiPermissions: [{ resource: "MicrosoftGraph", permission: "Group.Read.All" }] },
      changes: [
        `create ${consent("microsoft-graph-group-read-all")}`,
        `delete ${consent("microsoft-graph-user-read-all")}`,
        application,
        record,
      ],
      different: { permissions: ["Microsoft Graph Group.Read.All", manageAsApp] },
    },
    {
      settings: {},
      changes: [`delete ${consent("microsoft-graph-group-read-all")}`, application, record],
    },
  ],
  userRoleAssignments: () => [
    {
      settings: {
        userRoleAssignments: [{ userPrincipalName: "intruder@contoso.com", role: "Global Reader" }],
      },
      changes: [`create ${role("intruder-contoso-com-global-reader")}`, record],
      different: { userRoles: ["Global Reader"] },
    },
    {
      settings: {
        userRoleAssignments: [{ userPrincipalName: "intruder@contoso.com", role: "Reports Reader" }],
      },
      changes: [
        `create ${role("intruder-contoso-com-reports-reader")}`,
        `delete ${role("intruder-contoso-com-global-reader")}`,
        record,
      ],
      different: { userRoles: ["Reports Reader"] },
    },
    { settings: {}, changes: [`delete ${role("intruder-contoso-com-reports-reader")}`, record] },
  ],
  federatedCredentials: () => {
    const job = { name: "job", issuer: "https://issuer.example", subject: "job" };
    const federated = "azuread:ApplicationFederatedIdentityCredential exchange-federated-job";
    return [
      {
        settings: { federatedCredentials: [job] },
        changes: [`create ${federated}`, record],
        different: { federated: ["job of https://issuer.example"] },
      },
      {
        settings: { federatedCredentials: [{ ...job, subject: "another" }] },
        changes: [`update ${federated}`, record],
        different: { federated: ["another of https://issuer.example"] },
      },
      {
        settings: {
          federatedCredentials: [{ name: "job", gitlab: { project: "contoso/mail", tag: "v1" } }],
        },
        different: { federated: ["another of https://issuer.example"] },
        refused:
          'ExchangeAppOnlyAuth "exchange" has one problem, nothing was created:\n  - `federatedCredentials[0]` trusts "project_path:contoso/mail:ref_type:tag:ref:v1": everybody who can create the tag "v1" in contoso/mail could sign in as the application. Trust a branch or an environment, or set `allowWideSubject` to true.',
      },
      { settings: {}, changes: [`delete ${federated}`, record] },
    ];
  },
  cloud: () => [
    { settings: { cloud: "global" } },
    {
      settings: { cloud: "china" },
      refused:
        'ExchangeAppOnlyAuth "exchange" has one problem, nothing was created:\n  - `cloud` is "china" (Microsoft 365 operated by 21Vianet), but the tenant\'s initial domain is "contoso.onmicrosoft.com". Set `cloud` to "global", or sign in to a tenant of Microsoft 365 operated by 21Vianet.',
    },
    { settings: {} },
  ],
  expectedTenantId: () => [
    { settings: { expectedTenantId: defaultSeed.tenantId }, changes: [record] },
    {
      settings: { expectedTenantId: intruderId },
      refused: `ExchangeAppOnlyAuth "exchange" has one problem, nothing was created:\n  - \`expectedTenantId\` is "${intruderId}", but the azuread provider is signed in to "${defaultSeed.tenantId}" (contoso.onmicrosoft.com). Sign in to the expected tenant (\`az login --tenant\`, ARM_TENANT_ID or azuread:tenantId), or correct \`expectedTenantId\`.`,
    },
    { settings: {}, changes: [record] },
  ],
  "certificate.generations": () => [
    {
      settings: { certificate: { generations: [{ name: "1" }, { name: "2" }] } },
      changes: made("2"),
      different: { credentials: [current, current] },
    },
    {
      settings: { certificate: { generations: [{ name: "1" }, { name: "3" }] } },
      changes: [...made("3"), ...removed("2")].toSorted(),
      different: { credentials: [current, current] },
    },
    { settings: {}, changes: removed("3") },
  ],
  "certificate.generations[].publicCertificate": () => [
    {
      settings: given(vaults[0]),
      changes: [
        "create azuread:ApplicationCertificate exchange-cert-vault",
        "create exchange-auth:AppCertificate exchange-cert-vault",
        "create random:RandomUuid exchange-cert-vault-key-id",
      ],
      different: { credentials: [current, "vault0, 364 days, 2048 bits"] },
    },
    {
      settings: given(vaults[1]),
      changes: [
        "create-replacement azuread:ApplicationCertificate exchange-cert-vault",
        "create-replacement random:RandomUuid exchange-cert-vault-key-id",
        "delete-replaced azuread:ApplicationCertificate exchange-cert-vault",
        "delete-replaced random:RandomUuid exchange-cert-vault-key-id",
        "replace azuread:ApplicationCertificate exchange-cert-vault",
        "replace random:RandomUuid exchange-cert-vault-key-id",
      ],
      different: { credentials: [current, "vault1, 364 days, 2048 bits"] },
    },
    {
      settings: {},
      changes: [
        "delete azuread:ApplicationCertificate exchange-cert-vault",
        "delete exchange-auth:AppCertificate exchange-cert-vault",
        "delete random:RandomUuid exchange-cert-vault-key-id",
      ],
    },
  ],
  // A certificate in use stays as it is; the next generation is made as they say.
  "certificate.validityDays, rsaBits and commonName": () => {
    const next = { validityDays: 30, rsaBits: 3072, commonName: "Mailboxes" };
    const generations = [{ name: "1" }, { name: "2" }];
    const different = { credentials: [current, "Mailboxes, 30 days, 3072 bits"] };
    return [
      { settings: { certificate: { validityDays: 30 } } },
      { settings: { certificate: { rsaBits: 3072 } } },
      { settings: { certificate: { commonName: "Mailboxes" } } },
      { settings: { certificate: { ...next, generations } }, changes: made("2"), different },
      { settings: { certificate: { generations } }, different },
      { settings: {}, changes: removed("2") },
    ];
  },
  "certificate.pfxEncoding": () => [
    {
      settings: { certificate: { pfxEncoding: "modern" } },
      different: { pfxBase64: expect.not.stringContaining(String(start.pfxBase64)) },
    },
    { settings: { certificate: { pfxEncoding: "compatible" } } },
    { settings: {} },
  ],
  "certificate.generations[].acceptedSha256": () => {
    const { thumbprintSha256: acceptedSha256 } = readCertificate(weak.certificatePem);
    const refused = `ExchangeAppOnlyAuth "exchange" has one problem, nothing was created:\n  - \`certificate.generations[1].publicCertificate\` has an RSA key of 1024 bits, but Entra refuses a sign-in with fewer than 2048. Create a better one. To keep this one for now, add \`acceptedSha256: "${acceptedSha256}"\` next to it.`;
    return [
      { settings: given(weak), refused },
      {
        settings: given(weak, { acceptedSha256 }),
        changes: [
          "create azuread:ApplicationCertificate exchange-cert-vault",
          "create exchange-auth:AppCertificate exchange-cert-vault",
          "create random:RandomUuid exchange-cert-vault-key-id",
        ],
        different: { credentials: [current, "weak, 364 days, 1024 bits"] },
      },
      {
        settings: given(weak),
        refused,
        different: { credentials: [current, "weak, 364 days, 1024 bits"] },
      },
      {
        settings: {},
        changes: [
          "delete azuread:ApplicationCertificate exchange-cert-vault",
          "delete exchange-auth:AppCertificate exchange-cert-vault",
          "delete random:RandomUuid exchange-cert-vault-key-id",
        ],
      },
    ];
  },
};

test.each(Object.entries(steps))(
  "%s: set, changed and unset, and nothing of it stays",
  async (_, stepsOf) => {
    const expected = stepsOf();
    const came: Step[] = [];
    for (const { settings } of expected) {
      writeConfiguration(stack, settings);
      const { exitCode, changes, messages } = await up(stack);
      const refused = exitCode === 0 ? {} : { refused: messages.trim() };
      came.push({ settings, changes, different: await difference(), ...refused });
    }
    expect(came).toEqual(expected.map((step) => ({ changes: [], different: {}, ...step })));
  },
);

test("nothing of all that is drift, and a tag that nobody declares is", async () => {
  expect(await expectNoChanges(stack)).toBe(0);
  const { applicationObjectId } = await outputs(stack);
  await graph.send("PATCH", `/applications/${String(applicationObjectId)}`, { tags: ["somebody's"] });
  expect(await expectNoChanges(stack)).toBe(7);
});

/** What is not as it was without arguments. */
async function difference(): Promise<Partial<Observed>> {
  const now = await observe();
  const names = observed.filter((name) => !isDeepStrictEqual(now[name], start[name]));
  return Object.fromEntries(names.map((name) => [name, now[name]]));
}

/** A generation's certificate that was made elsewhere. */
function given(certificate: KeyPair, more: Record<string, string> = {}): Record<string, unknown> {
  const generation = { name: "vault", publicCertificate: certificate.certificatePem, ...more };
  return { certificate: { generations: [{ name: "1" }, generation] } };
}

async function observe(): Promise<Observed> {
  const { stdout } = await stack.run("pulumi", ["stack", "output", "--json", "--show-secrets"]);
  const values = v.parse(v.record(v.string(), v.unknown()), JSON.parse(stdout));
  const principal = String(values["servicePrincipalObjectId"]);
  const path = `/applications/${String(values["applicationObjectId"])}`;
  const { displayName, notes, tags } = await graph.send("GET", path);
  const { keyCredentials } = v.parse(Keys, await graph.send("GET", `${path}?$select=keyCredentials`));
  const trusted = v.parse(Trusted, await graph.send("GET", `${path}/federatedIdentityCredentials`));
  const owners = await listed(`${path}/owners`);
  const grants = await listed(`/servicePrincipals/${principal}/appRoleAssignments`);
  const resources = await listed("/servicePrincipals");
  const assignments = await listed("/roleManagement/directory/roleAssignments");
  const rolesOf = (holder: string | undefined): unknown =>
    assignments
      .filter(({ principalId }) => principalId === holder)
      .map(({ roleDefinitionId }) => nameOfRole(roleDefinitionId) ?? "")
      .toSorted();
  return {
    displayName,
    notes,
    tags: v.parse(v.array(v.string()), tags).toSorted(),
    owners: owners.map(({ id }) => id).toSorted(),
    permissions: grants
      .map(({ resourceId, resourceDisplayName, appRoleId }) => {
        const resource = resources.find(({ id }) => id === resourceId);
        return `${resourceDisplayName} ${resource?.appRoles?.find(({ id }) => id === appRoleId)?.value}`;
      })
      .toSorted(),
    roles: rolesOf(principal),
    userRoles: rolesOf(intruderId),
    federated: trusted.value.map(({ subject, issuer }) => `${subject} of ${issuer}`),
    credentials: keyCredentials.map(({ key }) => describeCertificate(key)).toSorted(),
    outputs: Object.keys(values),
    thumbprint: values["thumbprint"],
    pfxBase64: values["pfxBase64"],
  };
}

async function listed(path: string): Promise<v.InferOutput<typeof Listed>["value"]> {
  return v.parse(Listed, await graph.send("GET", path)).value;
}

function nameOfRole(templateId: string | undefined): string | undefined {
  return Object.entries(builtInRoles).find(([, id]) => id === templateId)?.[0];
}

function describeCertificate(key: string): string {
  const { subject, validFromDate, validToDate, publicKey } = new X509Certificate(Buffer.from(key, "base64"));
  const days = Math.round((validToDate.getTime() - validFromDate.getTime()) / 86_400_000);
  return `${subject.replace("CN=", "")}, ${days} days, ${publicKey.asymmetricKeyDetails?.modulusLength} bits`;
}

async function deployerObjectId(): Promise<string> {
  const principals = await listed("/servicePrincipals");
  return String(principals.find(({ appId }) => appId === defaultSeed.deployer.clientId)?.id);
}

const Trusted = v.object({ value: v.array(v.object({ subject: v.string(), issuer: v.string() })) });

const Keys = v.object({ keyCredentials: v.array(v.object({ key: v.string() })) });

const Text = v.optional(v.string());

/** What of objects in a list is looked at. */
const Listed = v.object({
  value: v.array(
    v.object({
      id: v.string(),
      appId: Text,
      appRoleId: Text,
      principalId: Text,
      resourceId: Text,
      resourceDisplayName: Text,
      roleDefinitionId: Text,
      appRoles: v.optional(v.array(v.object({ id: v.string(), value: v.nullable(v.string()) }))),
    }),
  ),
});
