import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";

import { onTestFinished, vi } from "vitest";
import * as v from "valibot";
import { parse, stringify } from "yaml";

import { secretSignature, signatureKey } from "../../common/pulumiSignatures.ts";
import { Cloud } from "../../microsoft/clouds.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import { all, createGraphClient } from "../../graph/graphClient.ts";
import { createCredential } from "../../graph/signIn.ts";
import type { Sandbox, SandboxOptions } from "../../sandbox/createSandbox.ts";
import { createSandbox, deployerOf } from "../../sandbox/createSandbox.ts";
import type { RequestMatcher, TenantServer } from "../../sandbox/tenant/index.ts";
import { parseEvent } from "../../stack/event.ts";
import { parseExport } from "../../stack/exportedState.ts";
import type { StackResource } from "../../stack/resource.ts";
import { shortName } from "../../stack/urn.ts";
import { trustInThisProcess } from "../../sandbox/workspace/trust.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";

/** A sandbox that ends with the test. */
export async function sandboxForTest(options?: SandboxOptions): Promise<Sandbox> {
  const sandbox = await createSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** The stack in another environment. */
export function within(stack: StackWorkspace, env: NodeJS.ProcessEnv): StackWorkspace {
  return { ...stack, env, run: (command, args, options) => stack.run(command, args, { env, ...options }) };
}

/** What an operation of the engine did. */
export interface Outcome {
  readonly exitCode: number;
  /** What happened to each resource that did not stay the same, as `create azuread:Application exchange`, sorted. */
  readonly changes: readonly string[];
  /** The engine's messages to the user. */
  readonly messages: string;
  /** Everything that was printed: the engine's events as JSON, debug messages among them. */
  readonly output: string;
}

/** Runs `pulumi up`. */
export function up(stack: StackWorkspace, ...args: string[]): Promise<Outcome> {
  return operate(stack, ["up", "--skip-preview", "--yes", ...args]);
}

/** Runs `pulumi destroy`. */
export function destroy(stack: StackWorkspace, ...args: string[]): Promise<Outcome> {
  return operate(stack, ["destroy", "--skip-preview", "--yes", ...args]);
}

/** Runs `pulumi preview --refresh --expect-no-changes` and gives its exit code: 7 where there are changes. */
export async function expectNoChanges(stack: StackWorkspace): Promise<number> {
  const args = ["preview", "--refresh", "--expect-no-changes", "--non-interactive"];
  return (await stack.run("pulumi", args)).exitCode;
}

/** Sets configuration keys of the program, as `pulumi config set --path` does. */
export async function configure(
  stack: StackWorkspace,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const pairs = Object.entries(values).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
  const { exitCode, stderr } = await stack.run("pulumi", ["config", "set-all", "--path", ...pairs]);
  if (exitCode !== 0) throw new Error(stderr);
}

/** Makes these arguments the stack's whole configuration. */
export function writeConfiguration({ settings: file }: StackWorkspace, args: Record<string, unknown>): void {
  const { encryptionsalt } = parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const config = Object.fromEntries(
    Object.entries(args).map(([key, value]) => [`exchange-auth:${key}`, value]),
  );
  writeFileSync(file, stringify({ encryptionsalt, config }));
}

/** Reads the stack's outputs; secrets come as `[secret]`. */
export async function outputs(stack: StackWorkspace): Promise<Record<string, unknown>> {
  const { stdout } = await stack.run("pulumi", ["stack", "output", "--json"]);
  return v.parse(v.record(v.string(), v.unknown()), JSON.parse(stdout));
}

/** Exports the stack's state. */
export async function stateOf(stack: StackWorkspace, ...args: string[]): Promise<readonly StackResource[]> {
  const { stdout } = await stack.run("pulumi", ["stack", "export", ...args]);
  return parseExport(JSON.parse(stdout)).resources;
}

/**
 * The writes that reached the tenants, or one of them, as `POST /v1.0/applications`. A batch is none: the Graph client of
 * this project sends reads alone in one, and azuread sends none.
 */
export function writes({ requests }: TenantServer, tenantId?: string): readonly string[] {
  return requests
    .filter((request) => tenantId === undefined || request.tenantId === tenantId)
    .filter(({ method, path }) => method !== "GET" && !path.includes("/oauth2/") && !path.endsWith("/$batch"))
    .map(({ method, path }) => `${method} ${path}`);
}

/**
 * Does something while the answer to the next such request is held back: the tenant has done what it asks, and nobody
 * knows it yet.
 */
export async function whileHeld<Result>(
  { faults }: TenantServer,
  request: RequestMatcher,
  act: () => Result | Promise<Result>,
): Promise<Result> {
  const release = new AbortController();
  const held = faults.add(request, { kind: "holdAnswer", until: once(release.signal, "abort") }, 1);
  try {
    await vi.waitUntil(() => held.hits > 0, { timeout: 240_000, interval: 5 });
    return await act();
  } finally {
    release.abort();
    held.remove();
  }
}

/** Calls Microsoft Graph as a tenant's deploying identity, behind Pulumi's back. */
export async function callGraph(
  tenant: TenantServer,
  method: string,
  path: string,
  body?: unknown,
  seed = tenant.seeds[0]!,
): Promise<Record<string, unknown>> {
  trustInThisProcess(tenant.certificateAuthorityPem);
  const { tenantId, deployer } = seed;
  const endpoints = await resolveEndpoints(Cloud.Global, { ARM_METADATA_HOSTNAME: new URL(tenant.url).host });
  const token = await createCredential({ kind: "secret", tenantId, ...deployer }, endpoints).getToken(
    endpoints.graph.scope,
  );
  const response = await fetch(`${endpoints.graph.url}/v1.0${path}`, {
    method,
    headers: { authorization: `Bearer ${token?.token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return v.parse(v.record(v.string(), v.unknown()), text === "" ? {} : JSON.parse(text));
}

/** The ids of all that a stack may leave in a tenant. */
export async function directoryOf(tenant: TenantServer, seed = tenant.seeds[0]): Promise<readonly string[]> {
  if (seed === undefined) throw new Error("The tenant server has no tenant.");
  trustInThisProcess(tenant.certificateAuthorityPem);
  const endpoints = await resolveEndpoints(Cloud.Global, { ARM_METADATA_HOSTNAME: new URL(tenant.url).host });
  const credential = createCredential({ kind: "secret", ...deployerOf(seed) }, endpoints);
  const graph = createGraphClient(credential, endpoints.graph);
  const collections = ["/applications", "/servicePrincipals", "/roleManagement/directory/roleAssignments"];
  const found = await Promise.all(
    collections.map(async (path) => {
      const objects = await graph.read(all(path, v.object({ id: v.string() })));
      return objects.map(({ id }) => `${path}/${id}`);
    }),
  );
  return found.flat().toSorted();
}

/** Every string that is secret in a stack's state, in plain text, by the resource and property that holds it. */
export async function secretsOf(stack: StackWorkspace): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  const collect = (path: string, value: unknown, isSecret: boolean): void => {
    const secret = v.safeParse(Secret, value);
    if (secret.success) collect(path, JSON.parse(secret.output.plaintext), true);
    else if (typeof value === "string" && isSecret) found[path] = value;
    else if (typeof value === "object" && value !== null) {
      for (const [name, part] of Object.entries(value)) collect(`${path}.${name}`, part, isSecret);
    }
  };
  for (const { urn, inputs, outputs: results } of await stateOf(stack, "--show-secrets")) {
    collect(shortName(urn), { inputs, outputs: results }, false);
  }
  return found;
}

/** How the engine marks a secret in a state. */
const Secret = v.object({
  [signatureKey]: v.literal(secretSignature),
  plaintext: v.string(),
});

async function operate(stack: StackWorkspace, args: readonly string[]): Promise<Outcome> {
  const { exitCode, stdout, stderr } = await stack.run("pulumi", [...args, "--json", "--non-interactive"]);
  const events = stdout.split("\n").map(parseEvent);
  const done = events.flatMap(({ resOutputsEvent }) => resOutputsEvent?.metadata ?? []);
  const told = events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []);
  return {
    exitCode,
    changes: done
      .filter(({ op }) => op !== "same")
      .map(({ op, urn }) => `${op} ${shortName(urn)}`)
      .toSorted(),
    messages: [
      ...told.filter(({ severity }) => severity !== "debug").map(({ message }) => message),
      stderr,
    ].join("\n"),
    output: stdout + stderr,
  };
}
