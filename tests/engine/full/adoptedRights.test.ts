import * as v from "valibot";
import { expect, test } from "vitest";

import { cloudEndpoints, resolveEndpoints } from "../../../graph/endpoints.ts";
import { createExchangeClient } from "../../../graph/exchange.ts";
import { createCredential } from "../../../graph/signIn.ts";
import type { AdoptResult } from "../../../operations/adoption/adopt.ts";
import type { GivenRoles } from "../../../operations/grant/givenRoles.ts";
import type { Sandbox } from "../../../sandbox/createSandbox.ts";
import { defaultSeed, furtherIdentities } from "../../../sandbox/tenant/index.ts";
import { createAsTool } from "../../operations/adoption/foreignTools.ts";
import { schemaErrors } from "../../cli/schemaErrors.ts";
import { callGraph, expectNoChanges, sandboxForTest, up, within } from "../support.ts";

const operator = furtherIdentities.find(({ name }) => name === "operator")!;
const Name = v.object({ Name: v.string() });

test("role groups and roles that were given by hand are adopted, and given neither twice nor away", async () => {
  const sandbox = await sandboxForTest({ tenant: { seeds: [{ ...defaultSeed, identities: [operator] }] } });
  const made = await createAsTool("cliForMicrosoft365", (method, path, body) =>
    callGraph(sandbox.tenant, method, path, body),
  );
  const exchange = await exchangeOf(sandbox);
  const [AppId, ObjectId] = [made.appId, made.servicePrincipalObjectId];
  await exchange.invoke("New-ServicePrincipal", { AppId, ObjectId }, v.unknown());
  for (const Identity of ["Help Desk", "Organization Management"])
    // oxlint-disable-next-line no-await-in-loop
    await exchange.invoke("Add-RoleGroupMember", { Identity, Member: ObjectId }, v.unknown());
  const byHand = { Name: "by hand", Role: "Message Tracking", App: ObjectId };
  await exchange.invoke("New-ManagementRoleAssignment", byHand, v.unknown());
  const held = async () => ({
    groups: (
      await exchange.invoke("Get-RoleGroup", {}, v.object({ Name: v.string(), Members: v.array(v.string()) }))
    )
      .filter(({ Members }) => Members.includes(ObjectId))
      .map((group) => group.Name),
    roles: await exchange.invoke("Get-ManagementRoleAssignment", { RoleAssignee: ObjectId }, Name),
  });
  const before = await held();
  expect(before).toEqual({ groups: ["Help Desk", "Organization Management"], roles: [{ Name: "by hand" }] });

  const stack = await sandbox.stack("contoso");
  const asOperator = within(stack, {
    ...stack.env,
    ARM_CLIENT_ID: operator.clientId,
    ARM_CLIENT_SECRET: operator.clientSecret,
  });
  const run = async (...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await asOperator.run("exo-auth", args);
    expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
    return stdout;
  };
  const adopted = await run("adopt", "--app-id", made.appId, "--yes", "--json");
  expect(schemaErrors("adopt", adopted)).toBeUndefined();
  const { settings, undeclared, notRead, update } = JSON.parse(adopted) as AdoptResult;
  expect(settings).toMatchObject({
    exchangeRoleGroups: ["Help Desk"],
    exchangeRoles: [{ role: "Message Tracking" }],
  });
  expect([undeclared.map(({ title }) => title), notRead, update?.removesOrReplaces]).toEqual([
    ['role group "Organization Management" of Exchange Online'],
    [],
    [],
  ]);
  // Repeated by an identity that reads nothing of Exchange, it keeps what it wrote before.
  const unseeing = await stack.run("exo-auth", ["adopt", "--app-id", made.appId, "--yes", "--json"]);
  expect([unseeing.exitCode, unseeing.stderr]).toEqual([0, expect.any(String)]);
  expect((JSON.parse(unseeing.stdout) as AdoptResult).notRead.map(({ what }) => what)).toEqual([
    "role groups and roles of Exchange Online",
    "role groups and roles of Security & Compliance",
  ]);
  expect((await up(stack)).exitCode).toBe(0);
  expect(await expectNoChanges(stack)).toBe(0);
  expect(await held()).toEqual(before);

  const { grants } = JSON.parse(await run("grant", "--yes", "--json", "--only", "exchange")) as GivenRoles;
  expect(grants[0]?.steps.map(({ cmdlet }) => cmdlet)).toEqual(["New-RoleGroup"]);
  expect(await held()).toEqual(before);
  // What adopt left to choose is what audit finds, and nothing else of Exchange.
  const { stdout } = await asOperator.run("exo-auth", ["audit", "--json", "--wait", "0s"]);
  const { sections } = JSON.parse(stdout) as { sections: { findings: { id: string; subject: string }[] }[] };
  expect(
    sections.flatMap(({ findings }) =>
      findings.filter(({ id }) => id.includes("EXCHANGE-ROLE")).map(({ subject }) => subject),
    ),
  ).toEqual([expect.stringMatching(/^Exchange Online: Organization Management [0-9a-f]{32}$/)]);
});

/** Exchange as the identity that may do everything there. */
async function exchangeOf({ tenant }: Sandbox) {
  const endpoints = await resolveEndpoints("global", { ARM_METADATA_HOSTNAME: new URL(tenant.url).host });
  const { tenantId, initialDomain } = defaultSeed;
  return createExchangeClient({
    credential: createCredential({ kind: "secret", tenantId, ...operator }, endpoints),
    endpoint: { ...endpoints.exchangeOnline, scope: cloudEndpoints("global").exchangeOnline.scope },
    tenant: { tenantId, initialDomain },
  });
}
