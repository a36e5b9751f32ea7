import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { rotate, type RotateOptions, type RotateResult } from "../../operations/rotation/rotate.ts";
import { type Attempt, trySignIn } from "../../operations/verification/trySignIn.ts";
import { componentTarget } from "../../operations/verification/target.ts";
import { type CertifiedComponent, requireCertificate } from "../../stack/certifiedComponent.ts";
import { type Generation, readStack, type StackComponent } from "../../stack/components.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import type { Sandbox } from "../../sandbox/createSandbox.ts";
import type { TenantServer } from "../../sandbox/tenant/index.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { callGraph } from "./support.ts";

export const day = 86_400_000;

/** One run of `exo-auth rotate` in this process. */
export function rotateOnce(
  stack: StackWorkspace,
  changes: Partial<RotateOptions> = {},
): Promise<RotateResult> {
  return rotate({ ...context(stack), dryRun: false, noUp: false, overlapMs: 7 * day, waitMs: 0, ...changes });
}

/** What every command works with. */
export function context({ env }: StackWorkspace) {
  return { env, signal: new AbortController().signal, progress: () => undefined };
}

/** What a run came to, in short: `done add 1 -> 1 2`. */
export function brief({ outcome, step, before, after }: RotateResult): string {
  return `${outcome} ${step} ${before.join(" ")} -> ${after.join(" ")}`;
}

/** The only component of the stack. */
export async function componentOf(stack: StackWorkspace, cwd?: string): Promise<CertifiedComponent> {
  const { components } = await readStack({ ...context(stack), cwd });
  return requireCertificate(components[0]!);
}

/** Signs in as a job with this certificate does. */
export async function signIn(
  tenant: TenantServer,
  component: StackComponent,
  generation: Generation = requireCertificate(component).generations[0],
): Promise<Attempt> {
  return trySignIn({
    ...componentTarget(component, generation),
    endpoints: await endpointsOf(tenant.url),
    signal: new AbortController().signal,
  });
}

const known = new Map<string, ReturnType<typeof resolveEndpoints>>();

/** Asked for once, as sign-ins are many. */
function endpointsOf(url: string): ReturnType<typeof resolveEndpoints> {
  const endpoints =
    known.get(url) ?? resolveEndpoints("global", { ARM_METADATA_HOSTNAME: new URL(url).host });
  known.set(url, endpoints);
  return endpoints;
}

/** The certificates that the application accepts now, by thumbprint. */
export async function validThumbprints(
  tenant: TenantServer,
  { applicationObjectId }: StackComponent,
): Promise<readonly string[]> {
  const application = await callGraph(tenant, "GET", `/applications/${applicationObjectId}`);
  const credentials = application["keyCredentials"] as { customKeyIdentifier: string; endDateTime: string }[];
  return credentials
    .filter(({ endDateTime }) => Date.parse(endDateTime) > Date.now())
    .map(({ customKeyIdentifier }) => customKeyIdentifier);
}

/** A `pulumi` that can be killed in the middle of its work. */
export interface KillablePulumi {
  readonly env: NodeJS.ProcessEnv;
  /** The next `up` is killed, without mercy, when it has done this many changes. */
  killAfter(changes: number): void;
  /** The process that runs `up` now. */
  pid(): number | undefined;
}

/** Puts it before the engine's own on PATH. */
export function killablePulumi({ folder }: Sandbox, env: NodeJS.ProcessEnv): KillablePulumi {
  const bin = join(folder.path, "killable");
  mkdirSync(bin, { recursive: true });
  const script = join(bin, "pulumi");
  const [order, pid] = [join(bin, "order"), join(bin, "pid")];
  writeFileSync(
    script,
    `#!/usr/bin/env node
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const [order, pid] = ${JSON.stringify([order, pid])};
const args = process.argv.slice(2);
const isUpdate = args[0] === "up" || args[0] === "destroy";
const child = spawn(${JSON.stringify(join(folder.bin, "pulumi"))}, args, { stdio: ["ignore", "pipe", "inherit"] });
let left = Infinity;
if (isUpdate) {
  fs.writeFileSync(pid, String(child.pid));
  if (fs.existsSync(order)) left = Number(fs.readFileSync(order, "utf8"));
  fs.rmSync(order, { force: true });
}
process.on("SIGINT", () => child.kill("SIGINT"));
child.stdout.pipe(process.stdout);
child.stdout.on("data", (chunk) => {
  left -= (String(chunk).match(/"resOutputsEvent":\\{"metadata":\\{"op":"(?!same)/g) ?? []).length;
  if (left <= 0) child.kill("SIGKILL");
});
child.on("close", (code) => {
  if (isUpdate) fs.rmSync(pid, { force: true });
  process.exitCode = code ?? 137;
});
`,
  );
  writeFileSync(join(bin, "package.json"), `{ "type": "commonjs" }`);
  chmodSync(script, 0o755);
  return {
    env: { ...env, PATH: [bin, env["PATH"]].filter(Boolean).join(delimiter) },
    killAfter: (changes) => writeFileSync(order, String(changes)),
    pid: () => (existsSync(pid) ? Number(readFileSync(pid, "utf8")) || undefined : undefined),
  };
}

/** Frees a stack whose update was killed, as docs/recovery.md says. */
export async function cancel(stack: StackWorkspace): Promise<void> {
  const state = new URL(stack.env["PULUMI_BACKEND_URL"]!).pathname;
  const { exitCode, stderr } = await stack.run("sh", [
    "-c",
    `find "${state}/.pulumi/stacks" -name '*.attrs' -empty -delete; pulumi cancel --yes`,
  ]);
  if (exitCode !== 0) throw new Error(stderr);
}

/** Removes what a test wrote into a settings file, or writes it. */
export function writeSettings({ settings }: StackWorkspace, change: (text: string) => string): void {
  const text = readFileSync(settings, "utf8");
  rmSync(settings);
  writeFileSync(settings, change(text));
}
