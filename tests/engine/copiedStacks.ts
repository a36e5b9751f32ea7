import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import * as v from "valibot";

import { defaultSeed } from "../../sandbox/tenant/index.ts";
import type { SandboxFolder } from "../../sandbox/workspace/sandboxFolder.ts";

/** What the stack is called that is copied, and its tenant. */
const original = defaultSeed.initialDomain.split(".")[0] ?? "";
const project = "exchange-auth";

/** A stack that is up without having been deployed. */
export interface StackCopy {
  /** Of the stack, and of the tenant's initial domain. */
  readonly name: string;
  readonly tenantId: string;
  /** The closed sandbox with the stack `contoso` in the built-in tenant. */
  readonly from: SandboxFolder;
}

/**
 * Puts copies of stacks, each with a copy of its tenant, into the folder of a sandbox that is not open. They differ from the
 * original in the names and in the tenant's id alone. What was in the folder of tenants and stacks goes.
 */
export function copyStacks(target: SandboxFolder, copies: readonly StackCopy[]): void {
  const read = new Map([...new Set(copies.map(({ from }) => from))].map((from) => [from, savedStack(from)]));
  const [first] = read.values();
  if (first === undefined) throw new Error("There is nothing to copy.");
  for (const from of read.keys()) {
    if (from.path === target.path) continue;
    for (const part of ["state", "stacks"] as const) cpSync(from[part], target[part], { recursive: true });
  }
  const tenants = copies.map(({ from, name, tenantId }): unknown => {
    const { state, settings, tenant } = read.get(from) ?? first;
    const copied = (text: string): string =>
      text.replaceAll(defaultSeed.tenantId, tenantId).replaceAll(original, name);
    writeFileSync(stateFile(target, name), copied(state));
    writeFileSync(settingsFile(target, name), settings);
    return JSON.parse(copied(tenant));
  });
  if (!copies.some(({ name }) => name === original)) {
    for (const file of [stateFile(target, original), settingsFile(target, original)])
      rmSync(file, { force: true });
  }
  writeFileSync(target.tenantData, JSON.stringify({ ...first.data, tenants }));
}

/** Where a copy's state is. */
function stateFile({ state }: SandboxFolder, name: string): string {
  return path.join(state, ".pulumi", "stacks", project, `${name}.json`);
}

function settingsFile({ stacks }: SandboxFolder, name: string): string {
  return path.join(stacks, project, `Pulumi.${name}.yaml`);
}

const Data = v.looseObject({ tenants: v.tuple([v.unknown()]) });

/** What a stack consists of, as texts. */
interface SavedStack {
  readonly state: string;
  readonly settings: string;
  readonly tenant: string;
  readonly data: v.InferOutput<typeof Data>;
}

function savedStack(from: SandboxFolder): SavedStack {
  const data = v.parse(Data, JSON.parse(readFileSync(from.tenantData, "utf8")));
  return {
    state: readFileSync(stateFile(from, original), "utf8"),
    settings: readFileSync(settingsFile(from, original), "utf8"),
    tenant: JSON.stringify(data.tenants[0]),
    data,
  };
}
