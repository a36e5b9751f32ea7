import { mkdirSync } from "node:fs";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as v from "valibot";

import { createSandbox, deployerOf, type Sandbox } from "../../sandbox/createSandbox.ts";
import { killAfter } from "../../sandbox/faultTable/killAfter.ts";
import type { TenantSeed } from "../../sandbox/tenant/index.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { callGraph, expectNoChanges, outputs, stateOf, up, within } from "./support.ts";

// Whose is it? Each attack of somebody who may register applications and has read the source, in a tenant of its own.
const names = ["planted", "newest", "copied", "backends", "gone", "lost"] as const;
const seeds = Object.fromEntries(names.map((name, index) => [name, seedOf(name, index)]));
const displayName = "Exchange Online automation";

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({ tenant: { seeds: Object.values(seeds) } });
});

afterAll(() => sandbox.close());

test("an application of our name and description, with a secret of its planter, is left alone", async () => {
  const { stack, graph, description } = await stackOf("planted");
  const planted = await graph("POST", "/applications", { displayName, description });
  await graph("POST", `/applications/${String(planted["id"])}/addPassword`, {});

  const preflight = await stack.run("exo-auth", ["preflight"]);
  expect(preflight).toMatchObject({ exitCode: 0 });
  expect(preflight.stdout).toContain(
    `Application "${displayName}" (${String(planted["appId"])}) says in its description that this stack created it, but nothing proves that`,
  );
  const repaired = await stack.run("exo-auth", ["repair", "--yes"]);
  expect(repaired).toMatchObject({ exitCode: 0, stderr: "" });
  expect(repaired.stdout).toMatch(
    /^There is nothing to repair that is proven to belong to this stack\.\n- left alone: .*\n[^]*password "unnamed"/,
  );
  expect(await stateOf(stack)).toEqual([]);

  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  expect((await outputs(stack))["appId"]).not.toBe(planted["appId"]);
  const principals = await graph("GET", `/servicePrincipals?$filter=appId eq '${String(planted["appId"])}'`);
  expect(principals["value"]).toEqual([]);

  const id = String(planted["id"]);
  const shown = await stack.run("exo-auth", ["repair", "--delete", id]);
  expect(shown.stdout).toMatch(/✗ to be deleted: exchange: application [^]*password "unnamed"/);
  expect(await graph("GET", `/applications/${id}`)).toMatchObject({ id });
  const deleted = await stack.run("exo-auth", ["repair", "--delete", id, "--yes"]);
  expect(deleted).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/✓ deleted: exchange: /) });
  await expect(graph("GET", `/applications/${id}`)).rejects.toThrow("404");
  expect(await stack.run("exo-auth", ["repair"])).toMatchObject({ stdout: "There is nothing to repair.\n" });
});

test("what was made is imported, however new what was planted is", async () => {
  const { stack, graph, description, kill } = await stackOf("newest");
  await kill(/\/applications$/);
  const [made] = await applications(graph);
  const strange =
    "TERRAFORM_UPDATE_\u001b[2J\u001b[1;1HThere is nothing to repair.\u001b[8m ##vso[task.complete]";
  const planted = await graph("POST", "/applications", { displayName: strange, description });

  const { exitCode, stdout } = await stack.run("exo-auth", ["repair", "--yes", "--color", "never"]);

  expect(exitCode).toBe(0);
  expect(stdout).toContain(`✓ imported: exchange: application "${displayName}" (${made!.appId})`);
  expect(stdout).toMatch(new RegExp(`- left alone: .*\\(${String(planted["appId"])}\\)`));
  // oxlint-disable-next-line no-control-regex
  expect(stdout).not.toMatch(/\u001b|##vso/);
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  expect((await outputs(stack))["appId"]).toBe(made!.appId);
  expect(await expectNoChanges(stack)).toBe(0);
});

test("of two that carry the marker none is imported, until a person says which", async () => {
  const { stack, graph, kill } = await stackOf("copied");
  await kill(/\/applications$/);
  const [made] = await applications(graph);
  const copy = await graph("POST", "/applications", {
    displayName,
    description: made!.description,
    signInAudience: "AzureADMyOrg",
  });

  const repaired = await stack.run("exo-auth", ["repair", "--yes"]);
  expect(repaired.stdout).toContain(`why it is not proven: application ${made!.id} carries the same marker`);
  expect(repaired.stdout).toContain(
    `why it is not proven: application ${String(copy["id"])} carries the same marker`,
  );
  expect((await stateOf(stack)).filter(({ type }) => type.endsWith(":Application"))).toEqual([]);

  await stack.run("exo-auth", ["repair", "--adopt", made!.id, "--yes"]);
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  expect((await outputs(stack))["appId"]).toBe(made!.appId);
});

test("two stacks of one name on two backends leave each other's application alone", async () => {
  const { stack, graph, kill } = await stackOf("backends");
  await kill(/\/applications$/);
  const [made] = await applications(graph);
  const other = await onAnotherBackend(stack);

  const repaired = await other.run("exo-auth", ["repair", "--yes"]);
  expect(repaired.stdout).toContain("its description has another marker than the state");
  expect(await up(other)).toMatchObject({ exitCode: 0 });
  const again = await stack.run("exo-auth", ["repair", "--yes"]);

  expect(again.stdout).toContain(`✓ imported: exchange: application "${displayName}" (${made!.appId})`);
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  expect((await outputs(stack))["appId"]).toBe(made!.appId);
  expect((await outputs(other))["appId"]).not.toBe(made!.appId);
});

describe("a marker that an application was known with", () => {
  test("proves nothing after the application is gone, and is replaced by the update that makes another", async () => {
    const { stack, graph, kill } = await stackOf("gone");
    await up(stack);
    const first = await outputs(stack);
    const marker = urnOf(await stateOf(stack), "exchange-marker");
    const [known] = await applications(graph);

    await graph("DELETE", `/applications/${known!.id}`);
    const deleted = await stack.run("exo-auth", ["repair", "--yes"]);
    expect(deleted).toMatchObject({ exitCode: 4, stdout: "" });
    expect(deleted.stderr).toMatch(
      new RegExp(
        `^exo-auth repair: Application ${known!.appId} of component "exchange" was deleted, and is in the recycle bin of .* for 30 days\\. Restore object ${known!.id} first`,
      ),
    );
    const stopped = await stack.run("exo-auth", ["preflight"]);
    expect(stopped).toMatchObject({ exitCode: 4 });
    expect(stopped.stdout).toContain("`pulumi up` would not bring the application back.");

    // As docs/recovery.md says for an application that is gone for good.
    await graph("DELETE", `/directory/deletedItems/${known!.id}`);
    await stack.run("pulumi", ["state", "delete", urnOf(await stateOf(stack), "exchange-cert-1"), "--yes"]);
    await stack.run("pulumi", ["refresh", "--yes", "--skip-preview", "--non-interactive"]);
    const command = `pulumi up --replace '${marker}'`;
    expect((await stack.run("exo-auth", ["preflight"])).stdout).toContain(`Run \`${command}\` instead of`);

    // Somebody has read the old description, and waits for the marker to count.
    const planted = await graph("POST", "/applications", {
      displayName,
      description: known!.description,
      signInAudience: "AzureADMyOrg",
    });
    const kept = await stack.run("exo-auth", ["repair", "--yes"]);
    expect(kept.stdout).toContain("why it is not proven: its marker is public");
    expect(kept.stdout).toContain(`Run \`${command}\` instead of \`pulumi up\``);

    await kill(/\/applications$/, "--replace", marker);
    const repaired = await stack.run("exo-auth", ["repair", "--yes"]);
    const mine = (await applications(graph)).find(({ id }) => id !== planted["id"]);
    expect(repaired.stdout).toContain(`✓ imported: exchange: application "${displayName}" (${mine!.appId})`);
    expect(repaired.stdout).toMatch(new RegExp(`- left alone: .*\\(${String(planted["appId"])}\\)`));
    expect(await up(stack)).toMatchObject({ exitCode: 0 });
    expect((await outputs(stack))["appId"]).toBe(mine!.appId);
    expect(mine!.appId).not.toBe(first["appId"]);
    expect(await expectNoChanges(stack)).toBe(0);
  });
});

test("a credential whose answer was lost is imported as it is, and one that nothing declares is removed by `up`", async () => {
  const { stack, graph } = await stackOf("lost");
  await up(stack);
  const [known] = await applications(graph);
  const keyIds = async (): Promise<readonly unknown[]> => {
    const { keyCredentials } = await graph("GET", `/applications/${known!.id}?$select=keyCredentials`);
    return v.parse(v.array(v.object({ keyId: v.string() })), keyCredentials).map(({ keyId }) => keyId);
  };
  const [first] = await keyIds();
  const add = ["config", "set", "--path", "certificate.generations[1].name", "2"];
  const lose = async (): Promise<void> => {
    await stack.run("pulumi", ["config", "set", "--path", "certificate.generations[0].name", "1"]);
    await stack.run("pulumi", add);
    const patch = { tenantId: seeds["lost"]!.tenantId, method: "PATCH", path: /\/applications\// };
    sandbox.tenant.faults.add(patch, { kind: "loseAnswer" }, 1);
    expect((await up(stack)).exitCode).not.toBe(0);
  };

  await lose();
  const [, second] = await keyIds();
  const repaired = await stack.run("exo-auth", ["repair", "--yes"]);
  expect(repaired.stdout).toMatch(
    new RegExp(
      `^Repaired\\.\\n✓ imported: exchange: certificate ${String(second)} on the application, until`,
    ),
  );
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  expect(await keyIds()).toEqual([first, second]);
  expect(await expectNoChanges(stack)).toBe(0);

  await stack.run("pulumi", ["config", "rm", "--path", "certificate.generations[1]"]);
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  await lose();
  await stack.run("pulumi", ["config", "rm", "--path", "certificate.generations[1]"]);
  const undeclared = await stack.run("exo-auth", ["repair", "--yes"]);
  expect(undeclared.stdout).toContain(
    "the settings do not declare it, so the next `pulumi up` removes it. To keep it, declare its generation first",
  );
  expect(await up(stack)).toMatchObject({ exitCode: 0 });
  expect(await keyIds()).toEqual([first]);
  expect(await expectNoChanges(stack)).toBe(0);
});

type Graph = (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;

/** A stack in its own tenant, before its first update. */
async function stackOf(name: (typeof names)[number]): Promise<{
  readonly stack: StackWorkspace;
  readonly graph: Graph;
  /** What release 0.1.0 wrote, and anybody can write. */
  readonly description: string;
  /** Kills `pulumi up` after a POST, and frees the stack. */
  readonly kill: (path: RegExp, ...args: string[]) => Promise<void>;
}> {
  const seed = seeds[name]!;
  const stack = await sandbox.stack(name, { deployer: deployerOf(seed) });
  return {
    stack,
    graph: (method, where, body) => callGraph(sandbox.tenant, method, where, body, seed),
    description: `exchange-auth exchange-auth/${name}/exchange`,
    async kill(where, ...args) {
      const matcher = { tenantId: seed.tenantId, method: "POST", path: where };
      const command = ["up", "--skip-preview", "--yes", ...args];
      expect(await killAfter(stack, command, sandbox.tenant, matcher)).toBe(true);
      await stack.run("pulumi", ["cancel", "--yes"]);
    },
  };
}

const Applications = v.array(
  v.object({ id: v.string(), appId: v.string(), description: v.nullish(v.string()) }),
);

/** The applications that say they are the stack's, oldest first. */
async function applications(graph: Graph): Promise<v.InferOutput<typeof Applications>> {
  const { value } = await graph("GET", "/applications");
  return v.parse(Applications, value).filter(({ description }) => description?.startsWith("exchange-auth "));
}

async function onAnotherBackend(stack: StackWorkspace): Promise<StackWorkspace> {
  const folder = path.join(sandbox.folder.path, "anotherBackend");
  mkdirSync(folder);
  const settings = path.join(folder, "Pulumi.other.yaml");
  const other = within(stack, {
    ...stack.env,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_OPTION_CONFIG_FILE: settings,
  });
  const { exitCode, stderr } = await other.run("pulumi", ["stack", "init", stack.name]);
  if (exitCode !== 0) throw new Error(stderr);
  return other;
}

function urnOf(resources: readonly { readonly urn: string; readonly type: string }[], name: string): string {
  const type = name.includes("marker") ? "RandomUuid" : "ApplicationCertificate";
  return resources.find(({ urn }) => urn.endsWith(`:${type}::${name}`))!.urn;
}

function seedOf(name: string, index: number): TenantSeed {
  const id = (kind: number): string => `0000000${kind}-0000-4000-8000-00000000000${index}`;
  return {
    tenantId: id(1),
    initialDomain: `${name}.onmicrosoft.com`,
    deployer: { clientId: id(2), clientSecret: `${name}-secret` },
  };
}
