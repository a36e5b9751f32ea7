import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";

import { afterAll, beforeAll, expect, test } from "vitest";

import { timeText } from "../../../common/time.ts";
import { resolveEndpoints } from "../../../graph/endpoints.ts";
import { grantSubjects } from "../../../operations/grant/grant.ts";
import { timedRoleSubjects } from "../../../operations/timedRoles/grantTimedRoles.ts";
import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { defaultSeed, furtherIdentities } from "../../../sandbox/tenant/index.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import { trustInThisProcess } from "../../../sandbox/workspace/trust.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { publicStateOf } from "../../../stack/components.ts";
import { parseExport } from "../../../stack/exportedState.ts";
import { type GrantRun, type MetRequest, prepareGrantRun } from "../../operations/grant/grantRun.ts";
import { day } from "../rotationSupport.ts";
import { up, writeConfiguration } from "../support.ts";

// The fault table's last column for `exo-auth grant`, whose other columns are tests/operations/grant/grantFaults.test.ts.
let sandbox: Sandbox;
let stack: StackWorkspace;
let grantRun: GrantRun;
let requests: readonly MetRequest[];
/** What the tenant has once everything is given. */
let wanted: string;

beforeAll(async () => {
  sandbox = await createSandbox({ tenant: { seeds: [{ ...defaultSeed, identities: furtherIdentities }] } });
  const server = sandbox.tenant;
  trustInThisProcess(server.certificateAuthorityPem);
  const { clientId, clientSecret } = furtherIdentities.find(({ name }) => name === "operator")!;
  const identity = { kind: "secret" as const, tenantId: defaultSeed.tenantId, clientId, clientSecret };
  stack = await sandbox.stack("contoso", { deployer: identity });
  writeConfiguration(stack, {
    exchangeRoleGroups: ["View-Only Organization Management"],
    exchangeRoles: [{ role: "Mail Recipients", recipientFilter: "Department -eq 'Sales'" }],
    timedRoles: [{ role: "Global Reader", until: timeText(Date.now() + 30 * day) }],
  });
  const { exitCode, messages } = await up(stack);
  if (exitCode !== 0) throw new Error(messages);
  const { stdout } = await stack.run("pulumi", ["stack", "export"]);
  const state = publicStateOf(parseExport(JSON.parse(stdout)));
  const [exchange] = grantSubjects(state, state.components);
  const [entra] = timedRoleSubjects(state, state.components);
  const endpoints = await resolveEndpoints("global", { ARM_METADATA_HOSTNAME: new URL(server.url).host });
  grantRun = prepareGrantRun({ server, endpoints, identity, exchange: exchange!, entra: entra! });
  requests = await grantRun.requests();
  wanted = await grantRun.given();
  await grantRun.run({ remove: true });
});
afterAll(() => sandbox.close());

test("killed before the answer to any change: run again, it ends in the declared state", async () => {
  for (const request of requests) {
    // oxlint-disable-next-line no-await-in-loop -- they change one tenant.
    expect([request.name, await killAt(request)]).toEqual([request.name, true]);
    // oxlint-disable-next-line no-await-in-loop
    const again = await stack.run("exo-auth", ["grant", "--yes"]);
    expect([request.name, again.exitCode, again.stderr]).toEqual([request.name, 0, expect.any(String)]);
    // oxlint-disable-next-line no-await-in-loop
    expect([request.name, await grantRun.given()]).toEqual([request.name, wanted]);
    // oxlint-disable-next-line no-await-in-loop
    await grantRun.run({ remove: true });
  }
});

/** Kills the command when the tenant has done what a request asks and not answered it. */
async function killAt({ matcher, skip }: MetRequest): Promise<boolean> {
  const release = new AbortController();
  const until = once(release.signal, "abort");
  const fault = sandbox.tenant.faults.add(matcher, { kind: "holdAnswer", until }, 1, skip);
  const command = ["cli/main.ts", "grant", "--yes"];
  const child = spawn(process.execPath, command, { cwd: repository, env: stack.env, stdio: "ignore" });
  const over = new AbortController();
  const ended = once(child, "exit").finally(() => over.abort());
  try {
    // oxlint-disable-next-line no-await-in-loop -- the request comes when it comes.
    while (!over.signal.aborted && fault.hits === 0) await setTimeout(5);
    child.kill("SIGKILL");
    await ended;
    return fault.hits > 0;
  } finally {
    release.abort();
    fault.remove();
  }
}
