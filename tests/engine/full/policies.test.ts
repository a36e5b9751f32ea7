import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { appCertificateType, componentType } from "../../../common/typeTokens.ts";
import { rules } from "../../../policy/rules.ts";
import { azuread, tls } from "../../../policy/types.ts";
import type { FleetSummary } from "../../../operations/fleet/fleetSummary.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import { deployedSandbox } from "../savedStacks.ts";
import { configure, sandboxForTest, writes } from "../support.ts";

const pack = join(repository, "policy");
const previewArgs = ["preview", "--non-interactive", "--policy-pack", pack];

/** The violations that Pulumi prints, as `LEVEL RULE RESOURCE`, sorted. */
function violationsIn(printed: string): readonly string[] {
  const lines = printed.matchAll(/^ +- \[(\w+)\](?: +\[severity: \w+\])? +([\w-]+) +\(\S+: ([^)]+)\)$/gm);
  return [...lines].map(([, level, rule, resource]) => `${level} ${rule} ${resource}`).toSorted();
}

async function preview(stack: StackWorkspace, ...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await stack.run("pulumi", [...previewArgs, ...args]);
  return { exitCode, violations: violationsIn(stdout), printed: stdout + stderr };
}

/** Writes a configuration of the pack. */
function configuration(folder: string, content: object): string {
  const file = join(folder, "policyConfig.json");
  writeFileSync(file, JSON.stringify(content));
  return file;
}

test("a plain program is refused by the preview, with all that it breaks, until its exceptions say otherwise", async () => {
  const sandbox = await sandboxForTest();
  const project = join(repository, "tests/fixtures/policies/breaking");
  const stack = await sandbox.stack("contoso", { project });
  const broken = [
    "mandatory allowed-roles applications",
    "mandatory certificate-lifetime certificate",
    "mandatory federated-subject anything",
    "mandatory key-size key",
    "mandatory no-global-administrator global",
    "mandatory no-owners application",
    "mandatory no-takeover-permissions everybody",
  ];
  const unpinned = ["anything", "application", "applications", "everybody", "global", "principal"];
  const first = await preview(stack);
  expect({ ...first, printed: "" }).toEqual({
    exitCode: 1,
    violations: [...broken, ...unpinned.map((name) => `mandatory tenant-pinned ${name}`)],
    printed: "",
  });
  expect(first.printed).toContain(
    'DirectoryRoleAssignment "global" has the role "Global Administrator" in `roleId`. Choose a narrower role, such as "Exchange Administrator". Rule: no-global-administrator (CISA MS.AAD.7.2, https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/baselines/aad.md#msaad72v1).',
  );
  expect(writes(sandbox.tenant)).toEqual([]);

  // The first resource that breaks a mandatory rule stops the update, before anything is created: the engine asks about
  // several at once, so which one is first differs.
  const updateArgs = ["up", "--skip-preview", "--yes", "--non-interactive", "--policy-pack", pack];
  const update = await stack.run("pulumi", updateArgs);
  expect(update.exitCode).not.toBe(0);
  const stopping = violationsIn(update.stdout).filter((violation) => violation.startsWith("mandatory "));
  expect(stopping).not.toEqual([]);
  expect(stopping.filter((violation) => !first.violations.includes(violation))).toEqual([]);
  expect(writes(sandbox.tenant)).toEqual([]);

  const configured = configuration(sandbox.folder.path, {
    "allowed-roles": { roles: ["Application Administrator"] },
    "certificate-lifetime": { days: 730 },
    "federated-subject": exceptions("anything"),
    "key-size": exceptions("key"),
    "no-global-administrator": exceptions("global"),
    "no-owners": "advisory",
    "no-takeover-permissions": exceptions("everybody"),
    "tenant-pinned": "disabled",
    "no-keys-in-state": "advisory",
    "protected-resources": { enforcementLevel: "advisory", types: [azuread("Application")] },
  });
  const second = await preview(stack, "--policy-pack-config", configured);
  expect({ ...second, printed: "" }).toEqual({
    exitCode: 0,
    violations: [
      "advisory no-keys-in-state key",
      "advisory no-owners application",
      "advisory protected-resources application",
    ],
    printed: "",
  });

  // Pulumi itself refuses a configuration that is wrong.
  const wrong = configuration(sandbox.folder.path, {
    "no-owners": { exceptions: [{ resource: "application", until: "soon" }] },
    "key-size": { rsaBits: 1024 },
  });
  const third = await preview(stack, "--policy-pack-config", wrong);
  expect(third.exitCode).not.toBe(0);
  for (const said of ["exceptions.0: reason is required", "exceptions.0.until", "rsaBits"])
    expect(third.printed).toContain(said);
});

test("the program of this repository breaks no rule once it names its tenant, before and after the update", async () => {
  const { sandbox, stack } = await deployedSandbox("plain");
  try {
    expect(await preview(stack)).toMatchObject({
      exitCode: 1,
      violations: ["mandatory tenant-pinned exchange"],
    });
    await configure(stack, { expectedTenantId: defaultSeed.tenantId });
    const other = await sandbox.stack("fabrikam");
    await configure(other, { expectedTenantId: defaultSeed.tenantId });
    for (const named of [stack, other])
      expect(await preview(named)).toMatchObject({ exitCode: 0, violations: [] });
    const update = ["up", "--skip-preview", "--yes", "--non-interactive", "--policy-pack", pack];
    const { exitCode, stdout } = await stack.run("pulumi", update);
    expect({ exitCode, violations: violationsIn(stdout) }).toEqual({ exitCode: 0, violations: [] });
    const analyzed = await analyze(stack, await exported(stack, sandbox.folder.path));
    expect(analyzed).toMatchObject({ exitCode: 0, violations: [] });

    const args = ["--stacks", "contoso", "--skip", "drift", "--policy-pack", pack, "--json"];
    const fleet = async () => {
      const { stdout: printed } = await stack.run("exo-auth", ["fleet", "check", ...args]);
      const [tenant] = (JSON.parse(printed) as FleetSummary).tenants;
      return tenant?.findings.filter(({ part }) => part === "policies").map(({ subject }) => subject);
    };
    expect(await fleet()).toEqual([]);
    args.push("--policy-pack-config", configuration(sandbox.folder.path, { "no-keys-in-state": "advisory" }));
    expect(await fleet()).toEqual([
      expect.stringMatching(/^no-keys-in-state tls:PrivateKey exchange-cert-1-key [\da-f]{32}$/),
    ]);
  } finally {
    await sandbox.close();
  }
});

test("the flat program of the benchmarks breaks the rules that it should", async () => {
  const sandbox = await sandboxForTest();
  const stack = await sandbox.stack("contoso", { project: join(repository, "benchmarks/flat") });
  const file = configuration(sandbox.folder.path, { "no-keys-in-state": "mandatory" });
  const unpinned = "mandatory tenant-pinned flat";
  expect(await preview(stack, "--policy-pack-config", file)).toMatchObject({
    exitCode: 1,
    violations: ["mandatory no-keys-in-state flat", unpinned, unpinned, unpinned, unpinned, unpinned],
  });
  const { stderr } = await stack.run("pulumi", ["config", "set", "azuread:tenantId", defaultSeed.tenantId]);
  expect(stderr).toBe("");
  expect(await preview(stack)).toMatchObject({ exitCode: 0, violations: [] });
});

test("an exported state is judged by every rule, without a login and without the secrets' key", async () => {
  const sandbox = await sandboxForTest();
  const { certificatePem } = await makeCertificate(new Date("2026-01-01"), new Date("2028-01-01"), {
    hash: "SHA-1",
    modulusLength: 1024,
  });
  const file = join(sandbox.folder.path, "state.json");
  writeFileSync(file, JSON.stringify(stateAgainstEveryRule(certificatePem)));
  const config = configuration(sandbox.folder.path, {
    "no-keys-in-state": "mandatory",
    "protected-resources": { types: [azuread("Application")] },
  });
  const { exitCode, violations } = await analyze(sandbox, file, "--policy-pack-config", config);
  expect(exitCode).not.toBe(0);
  expect(violations).toEqual([
    "mandatory allowed-roles other",
    "mandatory certificate-lifetime credential",
    "mandatory certificate-signature credential",
    "mandatory current-generation exchange",
    "mandatory federated-subject anything",
    "mandatory key-size credential",
    "mandatory no-client-secrets secret",
    "mandatory no-global-administrator global",
    "mandatory no-keys-in-state key",
    "mandatory no-owners application",
    "mandatory no-role-management exchange",
    "mandatory no-takeover-permissions everybody",
    "mandatory protected-resources application",
    "mandatory tenant-pinned exchange",
  ]);
  expect(new Set(violations.map((violation) => violation.split(" ")[1]))).toEqual(
    new Set(rules.map(({ name }) => name)),
  );
});

/** A rule's configuration that passes over these resources. */
function exceptions(...names: readonly string[]) {
  return { exceptions: names.map((resource) => ({ resource, reason: "moving", until: "2999-12-31" })) };
}

async function exported(stack: StackWorkspace, folder: string): Promise<string> {
  const file = join(folder, "exported.json");
  const { exitCode, stderr } = await stack.run("pulumi", ["stack", "export", "--file", file]);
  if (exitCode !== 0) throw new Error(stderr);
  return file;
}

/** Runs `pulumi policy analyze` for somebody who has the file, and neither a login nor a passphrase. */
async function analyze({ env, run }: Pick<StackWorkspace, "env" | "run">, file: string, ...args: string[]) {
  const { PULUMI_BACKEND_URL: _, PULUMI_CONFIG_PASSPHRASE: __, ...without } = env;
  const { exitCode, stdout, stderr } = await run(
    "pulumi",
    ["policy", "analyze", "--policy-pack", pack, "--file", file, ...args],
    { env: without },
  );
  return { exitCode, violations: violationsIn(stdout), printed: stdout + stderr };
}

function stateAgainstEveryRule(certificatePem: string): object {
  const prefix = "urn:pulumi:contoso::breaking::";
  const provider = `${prefix}pulumi:providers:azuread::pinned`;
  const resource = (type: string, name: string, inputs: object, custom = true) => ({
    urn: `${prefix}${type}::${name}`,
    type,
    custom,
    inputs,
    outputs: inputs,
    ...(custom && { id: `id-of-${name}` }),
    ...(type.startsWith("azuread:") && { provider: `${provider}::provider-id` }),
  });
  const componentUrn = `${prefix}${componentType}::exchange`;
  return {
    version: 3,
    deployment: {
      manifest: { time: "2026-11-28T00:00:00Z", magic: "", version: "" },
      resources: [
        {
          urn: provider,
          type: "pulumi:providers:azuread",
          custom: true,
          id: "provider-id",
          inputs: { tenantId: defaultSeed.tenantId },
        },
        resource(azuread("Application"), "application", { displayName: "Breaking", owners: ["somebody"] }),
        resource(azuread("ApplicationPassword"), "secret", { applicationId: "/applications/x" }),
        resource(azuread("DirectoryRoleAssignment"), "global", {
          roleId: "62e90394-69f5-4237-9190-012177145e10",
        }),
        resource(azuread("DirectoryRoleAssignment"), "other", {
          roleId: "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
        }),
        resource(azuread("AppRoleAssignment"), "everybody", {
          appRoleId: "06b708a9-e830-4db3-a914-8e69da51d44f",
        }),
        resource(azuread("ApplicationFederatedIdentityCredential"), "anything", {
          subject: "repo:contoso/*",
        }),
        resource(azuread("ApplicationCertificate"), "credential", { value: certificatePem }),
        resource(tls("PrivateKey"), "key", { algorithm: "RSA", rsaBits: 2048 }),
        {
          ...resource(
            componentType,
            "exchange",
            { cloud: "global", exchangeRoles: [{ role: "Role Management" }] },
            false,
          ),
          outputs: { certificateThumbprintSha256: "AB" },
        },
        {
          ...resource(appCertificateType, "exchange-cert-1", { generation: "1" }, false),
          parent: componentUrn,
          outputs: {
            certificateThumbprintSha256: "AB",
            certificateNotAfter: "2026-01-02T00:00:00Z",
          },
        },
      ],
    },
  };
}
