import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { inject } from "vitest";
import { parse, stringify } from "yaml";

import { createSandbox, deployerOf, type Sandbox } from "../../sandbox/createSandbox.ts";
import { defaultSeed, type TenantSeed } from "../../sandbox/tenant/index.ts";
import type { RunResult } from "../../sandbox/workspace/runCommand.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { sandboxFolder } from "../../sandbox/workspace/sandboxFolder.ts";
import { copyStacks } from "./copiedStacks.ts";
import { callGraph, outputs, up } from "./support.ts";
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
  blocked: "findings",
  deleted: "findings",
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

/**
 * Makes one with a tenant for each of these. Those of stacks that are up are copies, but for one whose certificate ends soon,
 * which is deployed.
 */
export async function makeFleet(wanted: readonly Happening[]): Promise<Fleet> {
  const members = wanted.map(memberOf);
  const folder = sandboxFolder(mkdtempSync(join(tmpdir(), "exchange-auth-fleet-")));
  const { folder: saved } = inject("savedStacks");
  const [plain, open] = ["plain", "open"].map((name) => sandboxFolder(join(saved, name)));
  copyStacks(
    folder,
    members
      .filter(({ happening }) => happening !== "neverDeployed" && happening !== "expiring")
      .map(({ name, happening, seed: { tenantId } }) => ({
        name,
        tenantId,
        from: (happening === "unreadable" ? plain : open)!,
      })),
  );
  const seeds = members.map(({ seed }) => seed);
  const sandbox = await createSandbox({
    folder: folder.path,
    tenant: { seeds, dataFile: folder.tenantData },
  });
  for (const member of members) {
    const stack = await stackOf(sandbox, member);
    addSettings(stack, { "exchange-auth:expectedTenantId": member.seed.tenantId });
    await make(sandbox, stack, member);
  }
  const cwd = join(sandbox.folder.stacks, "exchange-auth");
  return {
    sandbox,
    members,
    exoAuth: (...args) => sandbox.run("exo-auth", args, { cwd }),
    async close() {
      await sandbox.close();
      rmSync(folder.path, { recursive: true, force: true });
    },
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

/** As `pulumi config set`, which takes a second. */
function addSettings({ settings: file }: StackWorkspace, values: Readonly<Record<string, unknown>>): void {
  const { config, ...rest } = parse(readFileSync(file, "utf8")) as { readonly config?: object };
  writeFileSync(file, stringify({ ...rest, config: { ...config, ...values } }));
}

async function make(sandbox: Sandbox, stack: StackWorkspace, member: FleetMember): Promise<void> {
  const { tenantId } = member.seed;
  const applicationOf = async (): Promise<string> =>
    `/applications/${String((await outputs(stack))["applicationObjectId"])}`;
  const send = async (method: string, path: string, body?: object): Promise<unknown> =>
    callGraph(sandbox.tenant, method, path, body, member.seed);
  switch (member.happening) {
    case "drifted":
      await send("PATCH", await applicationOf(), { displayName: "Renamed by somebody" });
      break;
    case "attacked":
      await send("POST", `${await applicationOf()}/addPassword`, { passwordCredential: {} });
      break;
    case "blocked":
      await send("PATCH", await applicationOf(), { isDisabled: true });
      break;
    case "deleted":
      await send("DELETE", await applicationOf());
      break;
    case "expiring": {
      addSettings(stack, { "exchange-auth:certificate": { validityDays: 10 } });
      const { exitCode, output } = await up(stack);
      if (exitCode !== 0) throw new Error(output);
      break;
    }
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
      addSettings(stack, { "exchange-auth:expectedTenantId": randomUUID() });
      break;
    default:
  }
}
