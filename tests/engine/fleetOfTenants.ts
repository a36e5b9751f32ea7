import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { createSandbox, deployerOf, type Sandbox } from "../../sandbox/createSandbox.ts";
import { defaultSeed, type TenantSeed } from "../../sandbox/tenant/index.ts";
import type { RunResult } from "../../sandbox/workspace/runCommand.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { callGraph, configure, outputs, up } from "./support.ts";
import { openSeed } from "./tenantGraph.ts";

/** What happened to a tenant, and the state in which a report must show it. */
export const happenings = {
  nothing: "inOrder",
  drifted: "findings",
  attacked: "findings",
  expiring: "expiring",
  unreadable: "notRead",
  neverDeployed: "neverDeployed",
  throttled: "notRead",
  wrongTenant: "notRead",
  disabled: "findings",
} as const;

/** One of them. */
export type Happening = keyof typeof happenings;

/** One stack of a fleet. */
export interface FleetMember {
  readonly name: string;
  readonly happening: Happening;
  readonly seed: TenantSeed;
}

/** A fleet whose tenants one application deploys to and reads, as a provider's of many tenants does. */
export interface Fleet {
  readonly sandbox: Sandbox;
  readonly members: readonly FleetMember[];
  /** Runs `exo-auth` in the project's folder. */
  exoAuth(...args: readonly string[]): Promise<RunResult>;
  close(): Promise<void>;
}

/** Makes one with a tenant for each of these. */
export async function makeFleet(wanted: readonly Happening[]): Promise<Fleet> {
  const members = wanted.map((happening, index) => memberOf(happening, index));
  const sandbox = await createSandbox({ tenant: { seeds: members.map(({ seed }) => seed) } });
  const deployed = members.filter(({ happening }) => happening !== "neverDeployed");
  const waiting = [...members];
  await Promise.all(
    ["one", "another"].map(async () => {
      for (let member = waiting.shift(); member !== undefined; member = waiting.shift()) {
        await deploy(sandbox, member);
      }
    }),
  );
  for (const member of deployed) await make(sandbox, member);
  const cwd = join(sandbox.folder.stacks, "exchange-auth");
  return {
    sandbox,
    members,
    exoAuth: (...args) => sandbox.run("exo-auth", args, { cwd }),
    close: () => sandbox.close(),
  };
}

function memberOf(happening: Happening, index: number): FleetMember {
  const name = `${happening.toLowerCase()}-${index}`;
  const { deployer } = happening === "unreadable" ? defaultSeed : openSeed;
  return {
    name,
    happening,
    seed: { tenantId: randomUUID(), initialDomain: `${name}.onmicrosoft.com`, deployer },
  };
}

function stackOf(sandbox: Sandbox, { name, seed }: FleetMember): Promise<StackWorkspace> {
  return sandbox.stack(name, { deployer: deployerOf(seed) });
}

async function deploy(sandbox: Sandbox, member: FleetMember): Promise<void> {
  const stack = await stackOf(sandbox, member);
  await configure(stack, {
    expectedTenantId: member.seed.tenantId,
    ...(member.happening === "expiring" && { "certificate.validityDays": "10" }),
  });
  if (member.happening === "neverDeployed") return;
  const { exitCode, output } = await up(stack);
  if (exitCode !== 0) throw new Error(output);
}

async function make(sandbox: Sandbox, member: FleetMember): Promise<void> {
  const { tenantId } = member.seed;
  const stack = await stackOf(sandbox, member);
  const application = `/applications/${String((await outputs(stack))["applicationObjectId"])}`;
  const send = async (method: string, path: string, body: object): Promise<unknown> =>
    callGraph(sandbox.tenant, method, path, body, member.seed);
  switch (member.happening) {
    case "drifted":
      await send("PATCH", application, { displayName: "Renamed by somebody" });
      break;
    case "attacked":
      await send("POST", `${application}/addPassword`, { passwordCredential: {} });
      break;
    case "disabled": {
      const { servicePrincipalObjectId } = await outputs(stack);
      await send("PATCH", `/servicePrincipals/${String(servicePrincipalObjectId)}`, {
        accountEnabled: false,
      });
      break;
    }
    case "throttled":
      sandbox.tenant.faults.add(
        { tenantId, path: /^\/(v1\.0|beta)\// },
        { kind: "refuse", refusal: { status: 429, retryAfter: 600 } },
      );
      break;
    case "wrongTenant":
      await configure(stack, { expectedTenantId: randomUUID() });
      break;
    default:
  }
}
