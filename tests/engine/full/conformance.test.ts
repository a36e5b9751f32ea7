import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test, vi } from "vitest";

import { conformanceCases } from "../../../sandbox/conformance/cases.ts";
import { cleanUp } from "../../../sandbox/conformance/cleanUp.ts";
import type { CaseOption } from "../../../sandbox/conformance/conformanceCase.ts";
import { conform } from "../../../sandbox/conformance/conform.ts";
import { connect } from "../../../sandbox/conformance/connection.ts";
import { Ledger } from "../../../sandbox/conformance/ledger.ts";
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

test("cleaning up finds what a run has deployed that was killed before it knew it", async () => {
  const file = temporaryLedger();
  const killed = new AbortController();
  const place = await tenant();
  const { server, target } = place;
  const workplace = await workplaceIn(place, { ledger: new Ledger(file), signal: killed.signal });
  const before = await inventory(target);

  const examined = examineAt(workplace, { cases, options });
  await whileHeld(server, { method: "POST", path: /appRoleAssignedTo$/ }, () => killed.abort());

  expect((await examined).results).toMatchObject([{ id: "deployment", outcome: "notReached" }]);
  expect(await inventory(target)).not.toEqual(before);
  const ledger = new Ledger(file);
  expect(ledger.entries.find(({ kind }) => kind === "deployedServicePrincipal")?.ids).toEqual([]);
  expect(await cleanUp({ target, ledger, pause })).toEqual([]);
  expect(await inventory(target)).toEqual(before);
});
