import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { childTypes } from "../../common/typeTokens.ts";
import type { Sandbox } from "../../sandbox/createSandbox.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { commandsOf } from "../docs/pages.ts";
import { driftChanges } from "./driftChanges.ts";
import { deployedSandbox } from "./savedStacks.ts";
import { outputs, up, writes } from "./support.ts";
import type { TenantGraph } from "./tenantGraph.ts";
import { projectFolder, tenantGraph } from "./tenantGraph.ts";

// One saved stack; each test puts its change right again. The deletion of the application comes last.
let sandbox: Sandbox;
let stack: StackWorkspace;
let graph: TenantGraph;
let application: string;
let principal: string;

beforeAll(async () => {
  ({ sandbox, stack } = await deployedSandbox("open"));
  graph = tenantGraph(sandbox.tenant);
  const ids = await outputs(stack);
  application = `/applications/${String(ids["applicationObjectId"])}`;
  principal = `/servicePrincipals/${String(ids["servicePrincipalObjectId"])}`;
});

beforeEach(() => {
  sandbox.tenant.faults.clear();
  sandbox.tenant.clearRequests();
});

afterAll(() => sandbox.close());

test("an untouched stack: no drift, and nothing is written", async () => {
  expect(await drift()).toEqual({ exitCode: 0, findings: [], unread: [] });
  expect(writes(sandbox.tenant)).toEqual([]);
});

test("the commands of docs/drift.md work", async () => {
  const cwd = projectFolder(sandbox);
  for (const { text } of commandsOf("docs/drift.md")) {
    const { exitCode, stdout, stderr } = await stack.run("sh", ["-c", text], { cwd });
    expect({ text, exitCode, stderr }).toEqual({ text, exitCode: 0, stderr: "" });
    expect(stdout).not.toContain("PRIVATE KEY");
  }
});

// Two of the changes on the engine; tests/operations/drift/recordedChanges.test.ts reads recordings of them all.
test.each(driftChanges.filter(({ name }) => ["a renamed application", "a withdrawn consent"].includes(name)))(
  "$name is found alone",
  async ({ change, repair, finding }) => {
    const changed = { graph, application, principal, update: () => up(stack, "--refresh") };
    await change(changed);
    expect(await drift()).toEqual({ exitCode: 7, findings: [finding], unread: [] });
    await repair(changed);
  },
);

test("a block, which azuread does not know, is named and is no drift", async () => {
  await graph.send("PATCH", application, { isDisabled: true });
  const { exitCode, findings, notes } = await rawDrift();
  expect({ exitCode, findings, notes }).toEqual({
    exitCode: 0,
    findings: [],
    notes: [expect.stringMatching(/^Application \S+ of component "exchange" is blocked: /)],
  });
  await graph.send("PATCH", application, { isDisabled: false });
});

test("spent init errors are told apart, and the next update clears them", async () => {
  await editState(childTypes.servicePrincipal, (resource) => {
    resource.initErrors = ["Timed out whilst waiting for new service principal to be replicated"];
  });
  expect(await drift("--fail-on", "medium")).toEqual({
    exitCode: 0,
    findings: [
      [
        "EXO-DRIFT-SPENT-INIT-ERRORS",
        "azuread:ServicePrincipal exchange",
        "1 error of its creation still in the state",
      ],
    ],
    unread: [],
  });
  await up(stack);
});

test("a certificate that has ended is due for rotation, which is no drift of the tenant", async () => {
  const subject = "tls:SelfSignedCert exchange-cert-1";
  let end: unknown;
  await editState(childTypes.selfSignedCert, ({ outputs: values }) => {
    end = values["validityEndTime"];
    values["validityEndTime"] = "2026-01-01T00:00:00Z";
  });
  expect(await drift()).toEqual({
    exitCode: 7,
    findings: [["EXO-DRIFT-CERTIFICATE-ENDED", subject, "it ended at 2026-01-01 00:00 UTC"]],
    unread: [],
  });
  await editState(childTypes.selfSignedCert, ({ outputs: values }) => {
    values["validityEndTime"] = end;
  });
  expect(await drift()).toEqual({ exitCode: 0, findings: [], unread: [] });
});

test("a certificate within its own time of early renewal is due, which is no drift of the tenant", async () => {
  const type = childTypes.selfSignedCert;
  await editState(type, ({ outputs: values }) => {
    values["earlyRenewalHours"] = 9000;
  });
  expect(await drift()).toEqual({
    exitCode: 7,
    findings: [
      [
        "EXO-DRIFT-ROTATION-DUE",
        "tls:SelfSignedCert exchange-cert-1",
        expect.stringMatching(/^it ends at [\d-]+ [\d:]+ UTC, and must be renewed 9000 hours before$/),
      ],
    ],
    unread: [],
  });
  await editState(type, ({ outputs: values }) => {
    values["earlyRenewalHours"] = 0;
  });
  expect(await drift()).toEqual({ exitCode: 0, findings: [], unread: [] });
});

test("what a server does not know yet after an update is waited for, and is then no drift", async () => {
  const lag = sandbox.tenant.faults.add(
    { method: "GET", path: roleAssignmentRead },
    { kind: "refuse", refusal: { status: 404 } },
  );
  const { exitCode, findings } = await drift();
  expect({ exitCode, ids: findings.map(([id]) => id) }).toEqual({
    exitCode: 7,
    ids: ["EXO-DRIFT-MISSING"],
  });
  await up(stack);
  const hits = lag.hits;
  const waiting = drift("--wait", "1m");
  while (lag.hits === hits) await setTimeout(50);
  lag.remove();
  expect(await waiting).toEqual({ exitCode: 0, findings: [], unread: [] });
});

describe("what could not be read is neither drift nor the absence of it", () => {
  test.each([
    { name: "503", refusal: { status: 503 }, exitCode: 1 },
    { name: "throttling that does not end", refusal: { status: 429, retryAfter: 0 }, exitCode: 1 },
    { name: "a denied right", refusal: { status: 403 }, exitCode: 3 },
  ])("$name", async ({ refusal, exitCode }) => {
    sandbox.tenant.faults.add({ path: /\/servicePrincipals\/[^/]+$/ }, { kind: "refuse", refusal });
    expect(await drift()).toEqual({ exitCode, findings: [], unread: ["azuread:ServicePrincipal exchange"] });
  });

  test("throttling that passes is nothing at all", async () => {
    sandbox.tenant.faults.throttle({ path: /\/servicePrincipals\/[^/]+$/ }, 0, 1);
    expect(await drift()).toEqual({ exitCode: 0, findings: [], unread: [] });
  });

  test("a stack that does not exist", async () => {
    const { exitCode, stderr } = await stack.run("exo-auth", ["drift", "--stack", "fabrikam"]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 6,
      stderr: expect.stringContaining("no stack named 'fabrikam' found"),
    });
  });
});

test("a state that sends sign-ins to another host is refused, and nobody asks that host", async () => {
  let asked = 0;
  const other = createServer((socket) => {
    asked += 1;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(other, "listening");
  const host = `localhost:${(other.address() as AddressInfo).port}`;
  await editState("pulumi:providers:azuread", ({ inputs }) => {
    inputs["metadataHost"] = host;
  });
  for (const args of [["drift"], ["preflight"], ["rotate", "--dry-run"]]) {
    const { exitCode, stderr } = await stack.run("exo-auth", args);
    expect({ args, exitCode, stderr, asked }).toEqual({
      args,
      exitCode: 2,
      stderr: expect.stringMatching(
        new RegExp(`azuread provider "default_[^"]+": \`metadataHost\` is "${host}"\nNothing was started`),
      ),
      asked: 0,
    });
  }
  const refresh = await stack.run("pulumi", ["refresh", "--preview-only", "--non-interactive"]);
  expect({ exitCode: refresh.exitCode, wasAsked: asked > 0 }).toEqual({ exitCode: 1, wasAsked: true });
  await editState("pulumi:providers:azuread", ({ inputs }) => {
    delete inputs["metadataHost"];
  });
  other.close();
});

test("a deleted application is reported as that, alone", async () => {
  await graph.send("DELETE", application);
  const { exitCode, findings, unread } = await drift();
  expect({ exitCode, unread, findings: findings.map(([id, subject]) => [id, subject]) }).toEqual({
    exitCode: 7,
    findings: [["EXO-DRIFT-APPLICATION-DELETED", "azuread:Application exchange"]],
    unread: [],
  });
  expect(findings[0]?.[2]).toContain("These disappeared with it: azuread:AppRoleAssignment");
});

test("its remedy makes a new one", async () => {
  const { findings } = await rawDrift();
  const [, urn = ""] = /pulumi state delete '([^']+)'/.exec(findings[0]?.remedy ?? "") ?? [];
  const removed = await stack.run("pulumi", ["state", "delete", urn, "--target-dependents", "--yes"]);
  expect(removed).toMatchObject({ exitCode: 0 });
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  expect(await drift()).toEqual({ exitCode: 0, findings: [], unread: [] });
});

const roleAssignmentRead = /\/roleAssignments\/[^/]+$/;

async function rawDrift(...args: string[]): Promise<v.InferOutput<typeof Section> & { exitCode: number }> {
  const { exitCode, stdout, stderr } = await stack.run("exo-auth", [
    "drift",
    "--json",
    "--wait",
    "0s",
    ...args,
  ]);
  const { sections } = v.parse(Document, JSON.parse(stdout), { message: `${stdout}${stderr}` });
  return { exitCode, ...sections[0] };
}

/** What `exo-auth drift` finds, each finding as id, subject and words. */
async function drift(
  ...args: string[]
): Promise<{ exitCode: number; findings: (readonly string[])[]; unread: string[] }> {
  const { exitCode, findings, unread } = await rawDrift(...args);
  return {
    exitCode,
    findings: findings.map(({ id, subject, found }) => [id, subject, found]),
    unread: unread.map(({ check }) => check),
  };
}

const Section = v.object({
  name: v.literal("exchange"),
  findings: v.array(v.object({ id: v.string(), subject: v.string(), found: v.string(), remedy: v.string() })),
  unread: v.array(v.object({ check: v.string() })),
  notes: v.array(v.string()),
});
const Document = v.object({ command: v.literal("drift"), sections: v.tuple([Section]) });

interface EditableResource {
  readonly type: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
  initErrors?: readonly string[];
}

/** Changes the first resource of a type in the stack's state. */
async function editState(type: string, edit: (resource: EditableResource) => void): Promise<void> {
  const { stdout } = await stack.run("pulumi", ["stack", "export"]);
  const exported: { deployment: { resources: EditableResource[] } } = JSON.parse(stdout);
  edit(exported.deployment.resources.find((resource) => resource.type === type)!);
  const file = join(sandbox.folder.path, "state.json");
  writeFileSync(file, JSON.stringify(exported));
  const { exitCode, stderr } = await stack.run("pulumi", ["stack", "import", "--file", file]);
  if (exitCode !== 0) throw new Error(stderr);
}
