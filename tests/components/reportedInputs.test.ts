import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";

import { readCertificate } from "../../common/certificate.ts";
import { resolveArguments } from "../../components/arguments/resolveArguments.ts";
import { ExchangeAppOnlyAuth, type ExchangeAppOnlyAuthArgs } from "../../components/index.ts";
import { type KeyPair, makeKeyPair, mockPulumi } from "./mocks.ts";
import { rejectionsOf } from "./rejections.ts";

// What people brought, as they brought it.
let keyPair: KeyPair;
beforeAll(() => {
  keyPair = makeKeyPair();
});

function resolveName(name: unknown): ReturnType<typeof resolveArguments> {
  return resolveArguments(JSON.parse(JSON.stringify({ certificate: { generations: [{ name }] } })) as object);
}

function problemsOfGeneration(generation: object): readonly string[] {
  return resolveArguments({ certificate: { generations: [{ name: "1", ...generation }] } }).problems;
}

async function create(args: ExchangeAppOnlyAuthArgs) {
  const registered = await mockPulumi({ keyPair });
  void new ExchangeAppOnlyAuth("x", args);
  await pulumi.runtime.disconnect();
  return registered;
}

describe("names that come out alike", () => {
  it("of users: both are made, the first under its released name", async () => {
    const users = [
      "a.b@contoso.example",
      "a-b@contoso.example",
      "aB@contoso.example",
      "o'neil@contoso.example",
    ];
    const registered = await create({
      userRoleAssignments: users.map((userPrincipalName) => ({ userPrincipalName, role: "Global Reader" })),
    });
    const assigned = registered.filter(({ inputs }) => String(inputs["principalObjectId"]).includes("@"));
    expect(assigned.map(({ name, inputs }) => [name, inputs["principalObjectId"]])).toEqual([
      ["x-a-b-contoso-example-global-reader", "object-id-of-a.b@contoso.example"],
      ["x-a-b-contoso-example-global-reader-b20a6f9d", "object-id-of-a-b@contoso.example"],
      ["x-a-b-contoso-example-global-reader-a9baace9", "object-id-of-aB@contoso.example"],
      ["x-o-neil-contoso-example-global-reader", "object-id-of-o'neil@contoso.example"],
    ]);
  });

  it("of permissions: both are granted, the first under its released name", async () => {
    const appRoles = ["Tasks.Read", "TasksRead"].map((value, index) => ({
      id: `11111111-2222-4333-8444-00000000000${index}`,
      value,
      allowedMemberTypes: ["Application"],
      enabled: true,
    }));
    const getServicePrincipal = { objectId: "resource", appRoles };
    const registered = await mockPulumi({ keyPair, lookups: { getServicePrincipal } });
    const apiPermissions = appRoles.map(({ value }) => ({ resource: "MicrosoftGraph", permission: value }));
    void new ExchangeAppOnlyAuth("x", { apiPermissions });
    await pulumi.runtime.disconnect();
    const granted = registered.filter(({ inputs }) => appRoles.some(({ id }) => id === inputs["appRoleId"]));
    expect(granted.map(({ name, inputs }) => [name, inputs["appRoleId"]])).toEqual([
      ["x-microsoft-graph-tasks-read", "11111111-2222-4333-8444-000000000000"],
      ["x-microsoft-graph-tasks-read-7cbf562c", "11111111-2222-4333-8444-000000000001"],
    ]);
  });

  it("of one permission, by value and by id: refused before anything is made", async () => {
    const registered = await mockPulumi({ keyPair });
    const apiPermissions = ["User.Read.All", "df021288-bdef-4463-88db-98f22de89214"].map((permission) => ({
      resource: "MicrosoftGraph",
      permission,
    }));
    expect(await rejectionsOf(() => new ExchangeAppOnlyAuth("x", { apiPermissions }))).toEqual([
      'ExchangeAppOnlyAuth "x" has one problem, nothing was created:\n  - `apiPermissions` names one permission of the resource 00000003-0000-0000-c000-000000000000 twice, as "User.Read.All" and "df021288-bdef-4463-88db-98f22de89214". Remove one.',
    ]);
    expect(registered.map(({ type }) => type).filter((type) => type.startsWith("azuread:"))).toEqual([]);
  });
});

describe("characters of two halves", () => {
  it("an emoji across the 64th place of the display name goes whole into the common name", async () => {
    const displayName = `${"x".repeat(63)}🔐 tail`;
    const registered = await create({ displayName });
    const made = registered.find(({ type }) => type.endsWith(":SelfSignedCert"));
    expect(made?.inputs["subject"]).toEqual({ commonName: `${"x".repeat(63)}🔐` });
  });

  it("64 of them are 64 characters, 65 are too many", () => {
    const [fits, long] = [64, 65].map((count) =>
      resolveArguments({ certificate: { commonName: "🔐".repeat(count) } }).problems.join(),
    );
    expect(fits).toBe("");
    expect(long).toMatch(/must have 1 to 64 characters/);
  });

  it("half of one is refused wherever it stands", () => {
    const half = "\uD83D";
    const { problems } = resolveArguments({
      displayName: half,
      notes: half,
      tags: [half],
      certificate: { commonName: half },
    });
    expect(problems.map((problem) => problem.split(" ")[0])).toEqual([
      "`displayName`",
      "`notes`",
      "`tags[0]`",
      "`certificate.commonName`",
    ]);
  });

  it("a value that a message shortens is cut between characters", () => {
    const [problem = ""] = resolveArguments({ roles: [`x${"🔐".repeat(100)}`] }).problems;
    expect(problem).not.toMatch(/\p{Surrogate}/u);
  });
});

it.each([
  ["Contoso, Ltd. (Exchange)", "Contoso, Ltd. (Exchange)"],
  ["#1 automation", "#1 automation"],
  [String.raw`A\+B "quoted" <x>; y`, 'A+B "quoted" <x>; y'],
  ["Exchange ", "Exchange "],
  ["Grüße 漢字 🔐", "Grüße 漢字 🔐"],
])("the common name %s has no escapes in what is made of it", (subject, commonName) => {
  const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-name-"));
  const [key, pem] = [path.join(folder, "key"), path.join(folder, "pem")];
  const args = ["req", "-utf8", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${subject}`];
  execFileSync("openssl", [...args, "-keyout", key, "-out", pem], { stdio: "pipe" });
  expect(readCertificate(readFileSync(pem, "utf8")).commonName).toBe(commonName);
  rmSync(folder, { recursive: true });
});

describe("an Output where a plain value is due", () => {
  const output = pulumi.output("x");
  const advice =
    "an Output. Give a plain value: from the configuration, or from `await reference.requireOutputValue(name)`";

  it.each<[string, object]>([
    ["roles", { roles: output }],
    ["roles[0]", { roles: [output] }],
    ["tags", { tags: output }],
    ["existingClientId", { existingClientId: output }],
    ["cloud", { cloud: output }],
    ["certificate", { certificate: output }],
    ["certificate.validityDays", { certificate: { validityDays: output } }],
    ["apiPermissions[0]", { apiPermissions: [output] }],
    [
      "userRoleAssignments[0].userPrincipalName",
      { userRoleAssignments: [{ userPrincipalName: output, role: "Global Reader" }] },
    ],
  ])("%s", (where, args) => {
    for (const strict of ["", "1"]) {
      vi.stubEnv("PULUMI_ERROR_OUTPUT_STRING", strict);
      const { problems } = resolveArguments(args);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(`\`${where}\` must `);
      expect(problems[0]).toContain(`got ${advice}.`);
    }
    vi.unstubAllEnvs();
  });

  it("says what to do with a Promise, and shows what is around an Output", () => {
    const args: object = { roles: Promise.resolve([]), tags: { a: output } };
    expect(resolveArguments(args).problems).toEqual([
      '`tags` must be a list, got {"a":"(Output)"}. Give a list of texts, or leave it out.',
      '`roles` must be a list, got a Promise. Give its value: `await` it. Give ["Exchange Administrator"], or leave it out.',
    ]);
  });
});

describe("generation names that YAML read as something else", () => {
  it.each([
    [2, "2"],
    [1000, "1000"],
    ["2026-11-27 00:00:00 +0000 UTC", "2026-11-27"],
  ])("%j is %s", (value, name) => {
    expect(resolveName(value).problems).toEqual([]);
    expect(resolveName(value).settings.certificate.generations).toEqual([{ name }]);
  });

  it.each([true, 1.5, 12345678901234567000, "2026-11-27 10:00:00 +0000 UTC"])(
    "%j has to be quoted",
    (value) => {
      expect(resolveName(value).problems).toEqual([
        `\`certificate.generations[0].name\` must be a text, got ${JSON.stringify(value)}, because YAML reads a name without quotes that way. Write the name in quotes.`,
      ]);
    },
  );
});

describe("acceptedSha256", () => {
  it("needs a certificate beside it, and the form of a SHA-256", () => {
    expect(problemsOfGeneration({ acceptedSha256: "AB".repeat(32) })).toEqual([
      "`certificate.generations[0].acceptedSha256` does nothing without a `publicCertificate` next to it. Remove it.",
    ]);
    expect(problemsOfGeneration({ acceptedSha256: "AB", publicCertificate: keyPair.certificatePem })).toEqual(
      [
        '`certificate.generations[0].acceptedSha256` must be the SHA-256 of the certificate, 64 hexadecimal digits, got "AB". Leave it out to see whether it is needed.',
      ],
    );
  });
});

describe("what is not known yet", () => {
  const tenant = "11111111-2222-4333-8444-555555555555";
  const args: ExchangeAppOnlyAuthArgs = {
    expectedTenantId: tenant,
    apiPermissions: [{ resource: "MicrosoftGraph", permission: "User.Read.All" }],
    roles: ["Global Reader"],
  };

  it.each([true, false])("under the mocks of Pulumi's guide is no refusal (preview: %s)", async (preview) => {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
        call: ({ inputs }) => inputs,
      },
      "project",
      "stack",
      preview,
    );
    expect(await rejectionsOf(() => new ExchangeAppOnlyAuth("x", args))).toEqual([]);
  });

  it("is compared as soon as it is known", async () => {
    await mockPulumi({ keyPair });
    const [text] = await rejectionsOf(() => new ExchangeAppOnlyAuth("x", { expectedTenantId: tenant }));
    expect(text).toContain("`expectedTenantId` is");
  });
});

it("warns of a lifetime over 365 days, and of nothing else", async () => {
  const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  onTestFinished(() => warn.mockRestore());
  await create({ certificate: { validityDays: 365 } });
  await create({ certificate: { validityDays: 366 } });
  expect(warn.mock.calls.map(([text]) => text)).toEqual([
    "`certificate.validityDays` is 366. CISA's policy MS.AAD.5.7 asks for less than 365 days, and a tenant's policy can refuse more.",
  ]);
  warn.mockClear();
  await mockPulumi({ keyPair });
  const wrong = { displayName: "", certificate: { validityDays: 366 } };
  expect(await rejectionsOf(() => new ExchangeAppOnlyAuth("x", wrong))).toHaveLength(1);
  expect(warn.mock.calls).toEqual([]);
});

describe("an empty answer of a real engine", () => {
  const expectedTenantId = "11111111-2222-4333-8444-555555555555";

  it.each([
    [true, []],
    [
      false,
      [
        'ExchangeAppOnlyAuth "x" has one problem, nothing was created:\n  - `expectedTenantId` cannot be compared: the azuread provider does not say which tenant it is signed in to.',
      ],
    ],
  ])("is not known yet in a preview, and refused in an update (preview: %s)", async (preview, errors) => {
    await pulumi.runtime.setMocks(
      { newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }), call: () => ({}) },
      "project",
      "stack",
      preview,
    );
    // Mocks may answer with nothing at any time; here they stand for an engine.
    const monitor = vi.spyOn(pulumi.runtime, "getMonitor").mockReturnValue(undefined);
    expect(await rejectionsOf(() => new ExchangeAppOnlyAuth("x", { expectedTenantId }))).toEqual(errors);
    monitor.mockRestore();
  });
});
