import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test, vi } from "vitest";

import { conformanceCases } from "../../../sandbox/conformance/cases.ts";
import { plantCredentials } from "../../../sandbox/conformance/cases/deployment.ts";
import { cleanUp } from "../../../sandbox/conformance/cleanUp.ts";
import type { CaseOption, ConformanceCase } from "../../../sandbox/conformance/conformanceCase.ts";
import { conform } from "../../../sandbox/conformance/conform.ts";
import { connect } from "../../../sandbox/conformance/connection.ts";
import { destroy, newStack, update } from "../../../sandbox/conformance/deployment.ts";
import { Ledger } from "../../../sandbox/conformance/ledger.ts";
import { Probe } from "../../../sandbox/conformance/probe.ts";
import type { Report } from "../../../sandbox/conformance/report.ts";
import { readReport } from "../../../sandbox/conformance/results.ts";
import type { SandboxTarget } from "../../../sandbox/conformance/sandboxTarget.ts";
import type { Workplace, WorkplaceOptions } from "../../../sandbox/conformance/workplace.ts";
import { readArguments } from "../../../sandbox/commands/arguments.ts";
import { sandboxFolder } from "../../../sandbox/workspace/sandboxFolder.ts";
import { writeTrust } from "../../../sandbox/workspace/trust.ts";
import {
  examineAt,
  fabrikam,
  inventory,
  startTarget,
  temporaryLedger,
  workplaceAt,
} from "../../sandbox/conformance/runs.ts";
import { whileHeld } from "../support.ts";

vi.setConfig({ testTimeout: 900_000 });

const { plugins } = readArguments([], process.env);
const cases = conformanceCases.filter(({ id }) => id === "deployment");
const options: ReadonlySet<CaseOption> = new Set(["deployment"]);
const pause = async (): Promise<void> => undefined;
const sending = { perSecond: 10_000, retryDelayMs: 1 };

interface Place extends SandboxTarget {
  /** Of a person who is signed in to the tenant by variables, as to one of Microsoft's. */
  readonly env: NodeJS.ProcessEnv;
}

/** A tenant of another name than the sandbox's. */
async function tenant(): Promise<Place> {
  const started = await startTarget();
  const folder = sandboxFolder(temporaryFolder());
  writeTrust(folder, started.server.certificateAuthorityPem, process.env);
  const [seed] = started.server.seeds;
  const env = {
    ...process.env,
    NODE_EXTRA_CA_CERTS: folder.certificateAuthority,
    SSL_CERT_FILE: folder.trustedAuthorities,
    ARM_METADATA_HOSTNAME: new URL(started.server.url).host,
    ARM_CLIENT_ID: seed?.deployer.clientId,
    ARM_CLIENT_SECRET: seed?.deployer.clientSecret,
    ARM_TENANT_ID: seed?.tenantId,
  };
  return { ...started, env };
}

/** Where a run works there. */
async function workplaceIn(
  { target: { tenantId }, env }: Place,
  more: Partial<WorkplaceOptions> = {},
): Promise<Workplace> {
  const { target } = await connect({ tenantId }, env, sending);
  const workplace = workplaceAt(target, { plugins, ...more });
  onTestFinished(() => workplace.close());
  return workplace;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const yes = ["--tenant", fabrikam.tenantId ?? "", "--yes"];

/** Runs `npm run conformance` there. */
async function run(
  { env }: Place,
  args: readonly string[],
): Promise<{ exitCode: number; said: string[]; report: Report }> {
  const folder = temporaryFolder();
  const said: string[] = [];
  const surroundings = { env, folder, plugins, sending, pause, print: () => undefined, ask: undefined };
  const exitCode = await conform(args, { ...surroundings, say: (text) => said.push(text) });
  const [file = ""] = readdirSync(folder);
  return { exitCode, said, report: readReport(file, readFileSync(join(folder, file), "utf8")) };
}

test("a deployment and a rotation in a tenant that is a sandbox differ in nothing, and nothing is left", async () => {
  const place = await tenant();
  const before = await inventory(place.target);

  const { exitCode, said, report } = await run(place, [...yes, "--deployment", "--directory-role"]);

  expect(report.cases.filter(({ outcome }) => outcome === "different")).toEqual([]);
  expect(exitCode).toBe(0);
  expect(said).toEqual(
    expect.arrayContaining(["the same: deployment", "the same: rotation", "Nothing is left."]),
  );
  expect(await inventory(place.target)).toEqual(before);
});

test("a finding that audit has in one tenant alone is told", async () => {
  const place = await tenant();
  place.server.faults.refuse({ method: "POST", path: /addPassword$/ }, { status: 400 });

  const { exitCode, report } = await run(place, [...yes, "--deployment"]);

  expect(exitCode).toBe(7);
  expect(report.cases.find(({ id }) => id === "rotation")?.outcome).toBe("notAsked");
  const { differences = [] } = report.cases.find(({ id }) => id === "deployment") ?? {};
  expect(
    differences.map(({ request, what, sandbox, tenant: seen }) => [request, what, sandbox, seen]),
  ).toEqual([
    ["POST /v1.0/applications/<deployed.application>/addPassword", "status", "200", "400"],
    ["POST /v1.0/applications/<deployed.application>/addPassword", "code", "", "Request_BadRequest"],
    ["exo-auth audit --wait 0s", "findings.EXO-AUDIT-APPLICATION-PASSWORD", '"critical"', null],
  ]);
});

test("cleaning up finds what a run has deployed that was ended before it knew it", async () => {
  const file = temporaryLedger();
  const ended = new AbortController();
  const place = await tenant();
  const { server, target } = place;
  const workplace = await workplaceIn(place, { ledger: new Ledger(file), signal: ended.signal });
  const before = await inventory(target);

  const examined = examineAt(workplace, { cases, options });
  await whileHeld(server, { method: "POST", path: /appRoleAssignedTo$/ }, () => ended.abort());

  expect((await examined).results).toMatchObject([{ id: "deployment", outcome: "notReached" }]);
  expect(await inventory(target)).not.toEqual(before);
  const ledger = new Ledger(file);
  expect(ledger.entries.find(({ kind }) => kind === "deployedServicePrincipal")?.ids).toEqual([]);
  expect(await cleanUp({ target, ledger, pause })).toEqual([]);
  expect(await inventory(target)).toEqual(before);
});

/** From nothing to nothing with everything in between that only a deployment creates, without the reads that take long. */
const shortDeployment: ConformanceCase = {
  id: "shortDeployment",
  title: "pulumi up, credentials of somebody else, pulumi destroy",
  options: ["deployment"],
  run: async (probe) => {
    const deployed = await newStack(probe, "deployed", { "roles[0]": "none" });
    await plantCredentials(probe, await update(deployed, "in a new stack"));
    await destroy(deployed);
  },
};
const write = /^\/v1\.0\/(?!\$batch)/;

// What a tenant has changes with its writes alone, so a kill at a read leaves what one at the write before it does.
test.each(["POST", "PATCH", "DELETE"])(
  "whenever a deployment is killed at a %s, Pulumi ends with it, and cleaning up leaves nothing",
  async (method) => {
    const place = await tenant();
    const { server, target } = place;
    const before = await inventory(target);
    let kills = 0;
    for (let isOver = false; !isOver;) {
      const file = temporaryLedger();
      const killed = new AbortController();
      const workplace = await workplaceIn(place, { ledger: new Ledger(file), signal: killed.signal });
      const answered = new AbortController();
      const held = server.faults.add(
        { method, path: write },
        { kind: "holdAnswer", until: once(answered.signal, "abort") },
        1,
        kills,
      );
      const deployment = shortDeployment.run(new Probe(workplace, undefined, shortDeployment));
      const ended = Promise.allSettled([deployment]);
      await Promise.race([ended, vi.waitUntil(() => held.hits > 0, { timeout: 240_000, interval: 5 })]);
      isOver = held.hits === 0;
      if (isOver) held.remove();
      killed.abort();
      // The command goes on, as that of a killed process does, until cleaning up ends it.
      expect(await cleanUp({ target, ledger: new Ledger(file), pause })).toEqual([]);
      answered.abort();
      await (isOver ? deployment : ended);
      expect({ kills, inventory: await inventory(target) }).toEqual({ kills, inventory: before });
      if (!isOver) kills += 1;
    }
    expect(kills).toBeGreaterThan(1);
  },
);
