import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";

import { parseFleetDocument } from "../../operations/fleet/fleetDocument.ts";
import type { FleetAddResult } from "../../operations/fleet/fleetAdd.ts";
import type { RotatedStack } from "../../operations/fleet/fleetRotate.ts";
import type { FleetSummary } from "../../operations/fleet/fleetSummary.ts";
import { isIdentitySetting } from "../../operations/fleet/identityOfStack.ts";
import { readConfiguration } from "../../stack/configuration.ts";
import { plainSettings } from "../../stack/plainSettings.ts";
import { listStacks } from "../../stack/stackNames.ts";
import { createAsTool, type ForeignApplication } from "../operations/adoption/foreignTools.ts";
import { commandsOf } from "../docs/pages.ts";
import { schemaErrors } from "../cli/schemaErrors.ts";
import { callGraph } from "./support.ts";
import { type Fleet, type Happening, happenings, makeFleet } from "./fleetOfTenants.ts";

let fleet: Fleet;
let folder: string;

beforeAll(async () => {
  fleet = await makeFleet(Object.keys(happenings) as Happening[]);
  folder = join(fleet.sandbox.folder.path, "fleet");
});

afterAll(() => fleet.close());

test("each tenant is told as what it is, and none keeps another from being checked", async () => {
  const { exitCode, stdout, stderr } = await fleet.exoAuth(
    "fleet",
    "check",
    "--out",
    folder,
    "--wait",
    "0s",
    "--json",
  );
  expect(stderr).toBe("");
  expect(schemaErrors("fleetCheck", stdout)).toBeUndefined();
  const { tenants, totals } = JSON.parse(stdout) as FleetSummary;
  expect(Object.fromEntries(tenants.map(({ stack, state }) => [stack, state]))).toEqual(
    Object.fromEntries(fleet.members.map(({ name, happening }) => [name, happenings[happening]])),
  );
  expect(totals).toEqual({
    notRead: 3,
    findings: 5,
    expiring: 1,
    neverDeployed: 1,
    stale: 0,
    partial: 0,
    inOrder: 1,
  });
  const told = (happening: Happening): unknown => {
    const tenant = tenants.find(({ stack }) => stack.startsWith(happening.toLowerCase()));
    return [
      ...new Set(tenant?.findings.map(({ part, id }) => `${part} ${id}`)),
      ...new Set(
        tenant?.unread.map(({ part, reason }) => `${part}: ${reason.replaceAll(/[-\da-f]{36}/g, "ID")}`),
      ),
    ];
  };
  expect(told("drifted")).toEqual(["drift EXO-DRIFT-CHANGED"]);
  expect(told("disabled")).toEqual([
    "status EXO-STATUS-SERVICE-PRINCIPAL-DISABLED",
    "drift EXO-DRIFT-CHANGED",
  ]);
  expect(told("blocked")).toContain("status EXO-STATUS-APPLICATION-BLOCKED");
  expect(told("deleted")).toContain("status EXO-STATUS-APPLICATION-DELETED");
  expect(told("attacked")).toEqual(["audit EXO-AUDIT-APPLICATION-PASSWORD"]);
  expect(told("expiring")).toEqual([]);
  expect(told("wrongTenant")).toEqual([
    expect.stringMatching(
      /^check: Component "exchange" was deployed to tenant ID \(wrongtenant-7\.onmicrosoft\.com\), and the stack's `expectedTenantId` is "ID"\./,
    ),
  ]);
  expect(exitCode).toBe(1);
});

test("one document a stack, each as its schema says, and nothing else", () => {
  const names = readdirSync(folder).toSorted();
  expect(names).toEqual(fleet.members.map(({ name }) => `${name}.json`).toSorted());
  for (const name of names) {
    const text = readFileSync(join(folder, name), "utf8");
    expect(schemaErrors("fleetStack", text)).toBeUndefined();
    expect(parseFleetDocument(text)).toMatchObject({ fleetVersion: 1, stack: name.replace(".json", "") });
    expect(text).not.toMatch(/PRIVATE KEY|clientSecret|deployer-secret/);
  }
});

test("without drift and audit, nothing is in order", async () => {
  const args = ["fleet", "check", "--skip", "drift", "--skip", "audit", "--stacks", "nothing-0", "--json"];
  const { exitCode, stdout } = await fleet.exoAuth(...args);
  expect(exitCode).toBe(0);
  expect((JSON.parse(stdout) as FleetSummary).tenants).toMatchObject([{ state: "partial", findings: [] }]);
});

test("with --discover, a tenant's other applications are in the report, of a stack that was never deployed, too", async () => {
  const [nothing] = fleet.members;
  const never = fleet.members.find(({ happening }) => happening === "neverDeployed")!;
  const made: ForeignApplication[] = [];
  for (const { seed } of [nothing!, never])
    made.push(
      // oxlint-disable-next-line no-await-in-loop
      await createAsTool("cliForMicrosoft365", (method, path, body) =>
        callGraph(fleet.sandbox.tenant, method, path, body, seed),
      ),
    );
  const out = join(fleet.sandbox.folder.path, "discovered");
  const stacks = `nothing-0 ${never.name}`;
  const args = ["--discover", "--stacks", stacks, "--out", out, "--wait", "0s", "--json"];
  const checked = await fleet.exoAuth("fleet", "check", ...args);
  // A stack that was never deployed ends with 2.
  expect({ exitCode: checked.exitCode, stderr: checked.stderr }).toEqual({ exitCode: 2, stderr: "" });
  expect(schemaErrors("fleetCheck", checked.stdout)).toBeUndefined();

  const { stdout } = await fleet.exoAuth("fleet", "report", out, "--json");

  expect(schemaErrors("fleetReport", stdout)).toBeUndefined();
  const { tenants } = JSON.parse(stdout) as FleetSummary;
  const found = tenants.map(({ stack, state, applications = [] }) => ({
    stack,
    state,
    ...Object.fromEntries(applications.map(({ appId, isDeclared }) => [appId, isDeclared])),
  }));
  const own = tenants[1]?.components[0]?.appId ?? "";
  expect(found).toEqual([
    { stack: never.name, state: "neverDeployed", [made[1]!.appId]: false },
    { stack: "nothing-0", state: "inOrder", [own]: true, [made[0]!.appId]: false },
  ]);
});

test("audit, status and the search for applications sign in to each service once", async () => {
  const [nothing] = fleet.members;
  fleet.sandbox.tenant.clearRequests();
  const args = ["--skip", "drift", "--discover", "--stacks", "nothing-0", "--wait", "0s"];
  const { exitCode } = await fleet.exoAuth("fleet", "check", ...args);
  expect(exitCode).toBe(0);
  // Microsoft Graph, Exchange Online, and Security & Compliance.
  const signIn = `/${nothing?.seed.tenantId}/oauth2/v2.0/token`;
  expect(fleet.sandbox.tenant.requests.filter(({ path }) => path.startsWith(signIn))).toHaveLength(3);
});

test("a list of tenants becomes stacks with settings files, and what is there stays", async () => {
  const [nothing] = fleet.members;
  const cwd = join(fleet.sandbox.folder.stacks, "exchange-auth");
  const [tenantId, reader] = [randomUUID(), randomUUID()];
  writeFileSync(
    join(cwd, "tenants.csv"),
    `stack,tenant,roles,reader
added,${tenantId},Exchange Recipient Administrator,${reader}
nothing-0,${nothing?.seed.initialDomain},Security Reader,
`,
  );
  const settingsOf = (stack: string): unknown =>
    parse(readFileSync(join(cwd, `Pulumi.${stack}.yaml`), "utf8")).config;
  const before = settingsOf("nothing-0");
  const run = async (...args: readonly string[]): Promise<FleetAddResult> => {
    const { exitCode, stdout, stderr } = await fleet.exoAuth(
      "fleet",
      "add",
      "tenants.csv",
      "--json",
      ...args,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(schemaErrors("fleetAdd", stdout)).toBeUndefined();
    return JSON.parse(stdout) as FleetAddResult;
  };
  const added = ["exchange-auth:expectedTenantId", "exchange-auth:roles", "pipeline:reader"];
  const found = { tenantId: nothing?.seed.tenantId, isNew: false };
  const plan = [
    { stack: "added", tenantId, isNew: true, adds: added, differs: [] },
    { stack: "nothing-0", ...found, adds: ["exchange-auth:roles"], differs: [] },
  ];
  expect((await run()).stacks).toMatchObject(plan);
  expect(settingsOf("nothing-0")).toEqual(before);
  expect(await run("--yes")).toMatchObject({ added: true, stacks: plan });
  expect(settingsOf("added")).toEqual({
    "exchange-auth:expectedTenantId": tenantId,
    "exchange-auth:roles": ["Exchange Recipient Administrator"],
    "pipeline:reader": reader,
  });
  expect(settingsOf("nothing-0")).toMatchObject({
    "exchange-auth:expectedTenantId": nothing?.seed.tenantId,
    "exchange-auth:roles": ["Security Reader"],
  });
  expect((await run("--yes")).stacks).toMatchObject([{ adds: [] }, { adds: [] }]);
  await fleet.sandbox.run("pulumi", ["stack", "rm", "added", "--yes"], { cwd });
});

test("who reads a tenant is taken from the files as Pulumi takes it", async () => {
  const cwd = join(fleet.sandbox.folder.stacks, "exchange-auth");
  const pulumi = { stack: "nothing-0", cwd, env: fleet.sandbox.env, signal: new AbortController().signal };
  const all = Object.entries(await readConfiguration(pulumi));
  const wanted = all.flatMap(([key, { value }]) => (isIdentitySetting(key) ? [[key, { value }]] : []));
  expect(wanted).toHaveLength(1);
  expect(await plainSettings(isIdentitySetting, pulumi)).toEqual(Object.fromEntries(wanted));
  expect((await listStacks(pulumi)).filter(({ isInCloud }) => isInCloud)).toEqual([]);
});

test("each stack's rotation takes its next step, and one that fails stops no other", async () => {
  const args = ["--stacks", "nothing-0 neverdeployed-5 drifted-1", "--dry-run", "--json"];
  const { exitCode, stdout } = await fleet.exoAuth("fleet", "rotate", ...args);
  expect(schemaErrors("fleetRotate", stdout)).toBeUndefined();
  const { stacks } = JSON.parse(stdout) as { readonly stacks: readonly RotatedStack[] };
  expect(stacks).toMatchObject([
    { stack: "drifted-1", result: { outcome: "nothingDue" } },
    { stack: "neverdeployed-5", failure: { code: "EXO_AUTH_NO_COMPONENT" } },
    { stack: "nothing-0", result: { outcome: "nothingDue", next: { step: "add" } } },
  ]);
  expect(exitCode).toBe(2);
});

test("every command of the page runs", async () => {
  const page = commandsOf("docs/fleet.md").map(({ text }) => text);
  const cwd = join(fleet.sandbox.folder.stacks, "exchange-auth");
  const codes = [];
  for (const command of page) {
    // The page's stacks are those that take no wait.
    const wait = command.startsWith("exo-auth fleet check") ? " --wait 0s" : "";
    const text = `${command.replace(/contoso,fabrikam/, "nothing-0,neverdeployed-5")}${wait}`;
    const env = { ...fleet.sandbox.env, EXCLUDED: "throttled-*" };
    codes.push((await fleet.sandbox.run("sh", ["-c", text], { cwd, env })).exitCode);
  }
  // A rotation finds each application that is gone or blocked, even if nothing is due.
  expect(codes).toEqual([2, 2, 0, 0, 0, 4, 0]);
});
