import { afterAll, beforeAll, expect, test } from "vitest";
import * as v from "valibot";

import { childTypes } from "../../common/typeTokens.ts";
import { deployerPermissions } from "../../microsoft/identityPermissions.ts";
import { obstacleExitCodes } from "../../cli/exitCodes.ts";
import type { Obstacle } from "../../operations/preflight/checkResult.ts";
import { createSandbox, deployerOf, type Sandbox } from "../../sandbox/createSandbox.ts";
import { type TenantSeed } from "../../sandbox/tenant/index.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { makeCertificate } from "../graph/testCertificate.ts";
import { rewriteState } from "./rewriteState.ts";
import { callGraph, configure, outputs, stateOf, up } from "./support.ts";
import type { TenantGraph } from "./tenantGraph.ts";
import { openSeed, tenantGraph } from "./tenantGraph.ts";

// Every obstacle, made in the tenant or the stack's configuration, as a user's process tells of it before `pulumi up`.
let sandbox: Sandbox;
let graph: TenantGraph;

const poor = seed("2", { permissions: deployerPermissions.filter((one) => !one.startsWith("Role")) });
const unlicensed = { ...seed("3", {}), exchangeLicensed: false };
const withoutCompliance = seed("4", {});

beforeAll(async () => {
  sandbox = await createSandbox({ tenant: { seeds: [openSeed, poor, unlicensed, withoutCompliance] } });
  graph = tenantGraph(sandbox.tenant);
});

afterAll(() => sandbox.close());

interface Case {
  readonly cause: Obstacle;
  readonly exitCode: number;
  readonly message: RegExp;
  /** @default the first tenant, whose deployer may do everything */
  readonly seed?: TenantSeed;
  readonly make?: (stack: StackWorkspace) => Promise<unknown>;
}

const untilTheEnd = { "timedRoles[0].role": "Exchange Administrator", "timedRoles[0].until": "2099-01-31" };

const cases: readonly Case[] = [
  {
    cause: "wrongTenant",
    exitCode: 2,
    message: /^`expectedTenantId` is "4c0d0ce9-/,
    make: (stack) => configure(stack, { expectedTenantId: "4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11" }),
  },
  {
    cause: "wrongCloud",
    exitCode: 2,
    message: /^`cloud` is "china"/,
    make: (stack) => configure(stack, { cloud: "china" }),
  },
  {
    cause: "planRefused",
    exitCode: 2,
    message: /^`roles\[0\]` .*Exchange Admin/,
    make: (stack) => configure(stack, { "roles[0]": "Exchange Adminstrator" }),
  },
  {
    cause: "outdatedConfiguration",
    exitCode: 2,
    message: /^The update would remove generation "2" of component "exchange"/,
    make: async (stack) => {
      await configure(stack, {
        "certificate.generations[0].name": "2",
        "certificate.generations[1].name": "1",
      });
      await up(stack);
      await stack.run("pulumi", ["config", "rm", "--path", "certificate.generations[0]"]);
    },
  },
  {
    cause: "certificateReplaced",
    exitCode: 2,
    message:
      /^The update would replace the certificate of generation "1" of component "exchange", thumbprint [0-9A-F]{40}\. /,
    make: async (stack) => {
      await up(stack);
      const { privateKeyPem } = await makeCertificate();
      await rewriteState(stack, ({ type, outputs: known }) => {
        if (type !== childTypes.privateKey || known === undefined) return;
        for (const name of ["privateKeyPem", "privateKeyPemPkcs8"]) known[name] = privateKeyPem;
      });
    },
  },
  {
    cause: "permissionMissing",
    exitCode: 3,
    message: /lacks the permission RoleManagement\.ReadWrite\.Directory to assign directory roles/,
    seed: poor,
  },
  {
    cause: "exchangeMissing",
    exitCode: 4,
    message: /^Tenant tenant3\.onmicrosoft\.com has no Exchange Online/,
    seed: unlicensed,
  },
  {
    cause: "securityAndComplianceMissing",
    exitCode: 4,
    message:
      /^Security & Compliance PowerShell needs .* `az ad sp create --id 00000007-0000-0ff1-ce00-000000000000`/,
    seed: withoutCompliance,
    make: async (stack) => {
      await configure(stack, { "roles[0]": "Global Reader" });
      const filter = "$filter=appId%20eq%20'00000007-0000-0ff1-ce00-000000000000'";
      const path = "/servicePrincipals";
      const { value } = await callGraph(
        sandbox.tenant,
        "GET",
        `${path}?${filter}`,
        undefined,
        withoutCompliance,
      );
      const [{ id }] = v.parse(v.tuple([v.object({ id: v.string() })]), value);
      await callGraph(sandbox.tenant, "DELETE", `${path}/${id}`, undefined, withoutCompliance);
    },
  },
  {
    cause: "applicationOrphaned",
    exitCode: 4,
    message: /^This stack created application "Exchange Online automation" \(.*\) before/,
    make: async (stack) => {
      const refused = { tenantId: openSeed.tenantId, method: "POST", path: /\/applications$/ };
      sandbox.tenant.faults.refuse(refused, { status: 400 }, 1);
      await up(stack);
      const marker = (await stateOf(stack)).find(({ urn }) => urn.endsWith("::exchange-marker"));
      await graph.send("POST", "/applications", {
        displayName: "Exchange Online automation",
        description: `exchange-auth exchange-auth/${stack.name}/exchange ${String(marker?.outputs["result"])}`,
      });
    },
  },
  {
    cause: "applicationDeleted",
    exitCode: 4,
    message:
      /^Application \S+ of component "exchange" was deleted, and is in the recycle bin of contoso\.onmicrosoft\.com for 30 days\.$/,
    make: async (stack) => {
      await up(stack);
      const { applicationObjectId } = await outputs(stack);
      await graph.send("DELETE", `/applications/${String(applicationObjectId)}`);
    },
  },
  {
    cause: "federatedCredentialExists",
    exitCode: 4,
    message:
      /^The application has the federated credential "job", and Entra takes no second one of this name\.$/,
    make: (stack) => trustByHand(stack, ["job"]),
  },
  {
    cause: "federatedCredentialsFull",
    exitCode: 4,
    message: /^The application has 20 federated credentials, and the update adds 1\. Entra takes 20\.$/,
    make: (stack) =>
      trustByHand(
        stack,
        Array.from({ length: 20 }, (_, index) => `other-${index}`),
      ),
  },
  {
    cause: "roleWouldPause",
    exitCode: 2,
    message:
      /^Component "exchange" gets the role "Exchange Administrator" until 2099-01-31 00:00 UTC instead of without an end\. The update would take it away/,
    make: async (stack) => {
      await up(stack);
      await configure(stack, untilTheEnd);
    },
  },
  {
    cause: "timedRoleStays",
    exitCode: 2,
    message:
      /^Component "exchange" gets the role "Exchange Administrator" without an end, and has it until a time\./,
    make: async (stack) => {
      await configure(stack, untilTheEnd);
      await up(stack);
      await stack.run("pulumi", ["config", "rm", "timedRoles"]);
    },
  },
  {
    cause: "certificateTooLong",
    exitCode: 5,
    message: /^Certificate "exchange-cert-1" would last 364 days, but the tenant's .* less than 180\.$/,
    make: () => restrict({ restrictionType: "asymmetricKeyLifetime", maxLifetime: "P180D" }),
  },
  {
    cause: "certificateNotTrusted",
    exitCode: 5,
    message: /^Certificate "exchange-cert-1" would be self-signed, but the tenant's/,
    make: () => restrict({ restrictionType: "trustedCertificateAuthority" }),
  },
];

/** Somebody adds federated credentials to the stack's application, and then the program wants one named "job". */
async function trustByHand(stack: StackWorkspace, names: readonly string[]): Promise<void> {
  await up(stack);
  const { applicationObjectId } = await outputs(stack);
  for (const name of names) {
    await graph.send("POST", `/applications/${String(applicationObjectId)}/federatedIdentityCredentials`, {
      name,
      issuer: "https://issuer.example.com",
      subject: `by hand: ${name}`,
      audiences: ["api://AzureADTokenExchange"],
    });
  }
  await configure(stack, {
    "federatedCredentials[0].name": "job",
    "federatedCredentials[0].kubernetes.issuer": "https://issuer.example.com",
    "federatedCredentials[0].kubernetes.namespace": "mail",
    "federatedCredentials[0].kubernetes.serviceAccount": "reports",
  });
}

test("every obstacle that there is stands in the table", () => {
  const listed = Object.fromEntries(cases.map(({ cause, exitCode }) => [cause, exitCode]));
  expect(listed).toEqual(obstacleExitCodes);
});

test.each(cases)("$cause, alone", async ({ cause, exitCode, message, seed: other, make }) => {
  const deployer = deployerOf(other ?? openSeed);
  const stack = await sandbox.stack(cause.toLowerCase(), { deployer });
  await make?.(stack);
  const result = await stack.run("exo-auth", ["preflight", "--json"]);
  const { findings } = v.parse(Document, JSON.parse(result.stdout));
  const obstacles = findings.filter(({ kind }) => kind === "obstacle");
  expect({ exitCode: result.exitCode, obstacles }).toEqual({
    exitCode,
    obstacles: [
      {
        kind: "obstacle",
        cause,
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(/\S{2}/),
      },
    ],
  });
});

const Document = v.object({
  ok: v.literal(false),
  findings: v.array(
    v.object({
      kind: v.string(),
      cause: v.optional(v.string()),
      message: v.string(),
      remedy: v.optional(v.string()),
    }),
  ),
});

function restrict(restriction: object): Promise<unknown> {
  return graph.send("PATCH", "/policies/defaultAppManagementPolicy", {
    isEnabled: true,
    applicationRestrictions: { keyCredentials: [restriction] },
  });
}

function seed(number: string, deployer: Partial<TenantSeed["deployer"]>): TenantSeed {
  const id = `${number.repeat(8)}-1111-4111-8111-111111111111`;
  return {
    tenantId: id,
    initialDomain: `tenant${number}.onmicrosoft.com`,
    deployer: { clientId: id.replaceAll("1111", "2222"), clientSecret: `secret ${number}`, ...deployer },
  };
}
