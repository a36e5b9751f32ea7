import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createSandbox, deployerOf, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { killAfter } from "../../../sandbox/faultTable/killAfter.ts";
import type { TenantSeed } from "../../../sandbox/tenant/index.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { directoryOf, expectNoChanges, up, writes } from "../support.ts";

const seeds: readonly TenantSeed[] = ["killed", "answerless"].map((name, index) => ({
  tenantId: `00000001-0000-4000-8000-00000000000${index}`,
  initialDomain: `${name}.onmicrosoft.com`,
  deployer: { clientId: `00000002-0000-4000-8000-00000000000${index}`, clientSecret: `${name}-secret` },
}));

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({ tenant: { seeds } });
});

afterAll(() => sandbox.close());

/** A stack in its own tenant, and the kinds of what it made there. */
async function stackIn(seed: TenantSeed): Promise<{
  readonly stack: StackWorkspace;
  readonly made: () => Promise<readonly string[]>;
}> {
  const empty = await directoryOf(sandbox.tenant, seed);
  const [name = ""] = seed.initialDomain.split(".");
  return {
    stack: await sandbox.stack(name, { deployer: deployerOf(seed) }),
    made: async () => {
      const paths = await directoryOf(sandbox.tenant, seed);
      return paths.filter((path) => !empty.includes(path)).map((path) => path.replace(/\/[^/]+$/, ""));
    },
  };
}

const declared = ["/applications", "/roleManagement/directory/roleAssignments", "/servicePrincipals"];

describe.concurrent("`exo-auth repair`", () => {
  test("brings what a killed `up` made into the state; of what was made twice, what a person says", async () => {
    const [seed] = seeds;
    const { stack, made } = await stackIn(seed!);
    const kill = (path: RegExp) =>
      killAfter(stack, ["up", "--skip-preview", "--yes"], sandbox.tenant, {
        tenantId: seed!.tenantId,
        method: "POST",
        path,
      });

    expect(await kill(/\/applications$/)).toBe(true);
    // Everything that would have gone on is dead; the tenant notes the request once its answer is let go.
    await expect.poll(() => writes(sandbox.tenant, seed!.tenantId)).toEqual(["POST /v1.0/applications"]);
    const locked = await stack.run("exo-auth", ["repair", "--yes"]);
    expect(locked).toMatchObject({ exitCode: 1, stdout: "" });
    expect(locked.stderr).toContain("the stack is currently locked by 1 lock(s)");
    await stack.run("pulumi", ["cancel", "--yes"]);
    expect(await kill(/\/applications$/)).toBe(true);
    await stack.run("pulumi", ["cancel", "--yes"]);
    expect(await made()).toEqual(["/applications", "/applications"]);

    const undecided = await stack.run("exo-auth", ["repair", "--yes"]);
    expect(undecided.stdout).toMatch(
      /^There is nothing to repair that is proven to belong to this stack\.\n/,
    );
    const [one = "", two = ""] = [...undecided.stdout.matchAll(/, object ID (\S+)$/gm)].map(([, id]) => id);
    const adopted = await stack.run("exo-auth", ["repair", "--adopt", one, "--yes"]);
    expect(adopted.stdout).toMatch(/^Repaired\.\n[^]*✓ imported: exchange: application /);
    const deleted = await stack.run("exo-auth", ["repair", "--delete", two, "--yes"]);
    expect(deleted.stdout).toMatch(/^Deleted\.\n✓ deleted: exchange: application /);
    expect(await made()).toEqual(["/applications"]);
    expect(await up(stack)).toMatchObject({ exitCode: 0 });
    expect(await made()).toEqual(declared);
    expect(await expectNoChanges(stack)).toBe(0);
    const again = await stack.run("exo-auth", ["repair"]);
    expect(again).toEqual({ exitCode: 0, stdout: "There is nothing to repair.\n", stderr: "" });
  });

  test("imports assignments and a credential whose answers were lost", async () => {
    const [, seed] = seeds;
    const { tenantId } = seed!;
    const { stack, made } = await stackIn(seed!);
    const { faults } = sandbox.tenant;
    const lost = { kind: "loseAnswer" } as const;
    faults.add({ tenantId, method: "POST", path: /\/roleAssignments$/ }, lost, 1);
    faults.add({ tenantId, method: "POST", path: /\/appRoleAssignedTo$/ }, lost, 1);
    // The first two are the application's own.
    faults.add({ tenantId, method: "PATCH", path: /\/applications\// }, lost, 1, 2);

    // What fails first decides how far an `up` gets: it takes two of them, or three.
    const [said, repaired] = [[], []] as [string[], string[]];
    for (let round = 0; round < 3; round++) {
      const { exitCode, messages } = await up(stack);
      if (exitCode === 0) break;
      said.push(messages);
      repaired.push((await stack.run("exo-auth", ["repair", "--yes"])).stdout);
    }

    for (const title of [
      "the role assignment",
      "the consent to a permission",
      "the application's certificate",
    ])
      expect(said.join("\n")).toContain(
        `: ${title} is in the tenant already, but the state does not know it`,
      );
    expect(
      repaired
        .join("\n")
        .match(/(?:imported|deleted): exchange: (?:role assignment|consent|certificate)/g)
        ?.toSorted(),
    ).toEqual([
      "imported: exchange: certificate",
      "imported: exchange: consent",
      "imported: exchange: role assignment",
    ]);
    expect(await made()).toEqual(declared);
    expect(await expectNoChanges(stack)).toBe(0);
  });
});
