import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as v from "valibot";

import { createRemover } from "../../../graph/removal.ts";
import type { Removal } from "../../../graph/removal.ts";
import type { RepairResult } from "../../../operations/repair/repair.ts";
import { repair } from "../../../operations/repair/repair.ts";
import { childTypes } from "../../../common/typeTokens.ts";
import type { ImportFile } from "../../../stack/importFile.ts";
import type { StackResource } from "../../../stack/resource.ts";
import { repairView } from "../../../cli/views/repairView.ts";
import { createGraphClient } from "../../../graph/graphClient.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { assignRole, grant, startTestTenant, type TestTenant } from "../../graph/testTenant.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import { known, planned } from "../../operations/repair/stack.ts";

const description = "exchange-auth p/s/exchange";
const displayName = "Exchange jobs";
const component = planned("exchange-auth:index:ExchangeAppOnlyAuth", "exchange");
const below = (type: string, name: string, inputs: Readonly<Record<string, unknown>> = {}) =>
  planned(type, name, inputs, component.urn);
const application = below(childTypes.application, "exchange", { displayName, description });

let tenant: TestTenant;

beforeEach(async () => {
  tenant = await startTestTenant();
});

afterEach(() => tenant.server.close());

/** Runs `repair`, and notes in which order it changes what. */
async function run(
  state: readonly StackResource[],
  plan: readonly StackResource[],
  apply = false,
): Promise<RepairResult & { readonly done: readonly unknown[] }> {
  const credential = createCredential(tenant.deployer, tenant.endpoints);
  const remove = createRemover(credential, tenant.endpoints.graph, {});
  const done: unknown[] = [];
  const result = await repair({
    known: state,
    planned: plan,
    component: undefined,
    graph: createGraphClient(credential, tenant.endpoints.graph),
    ...(apply && {
      apply: {
        importInto: async (file: ImportFile) => void done.push(file.resources.map(({ id }) => id)),
        remove: async (removal: Removal) => {
          done.push(removal);
          await remove(removal);
        },
      },
    }),
  });
  return { ...result, done };
}

async function create(body: Readonly<Record<string, unknown>>): Promise<{ id: string; appId: string }> {
  const made = await tenant.write("POST", "/applications", { displayName, description, ...body });
  return v.parse(v.object({ id: v.string(), appId: v.string() }), made);
}

test("says first that there is nothing to repair", async () => {
  await create({ description: "exchange-auth p/another/exchange" });
  const result = await run([], [component, application]);
  expect(result).toEqual({ repaired: false, leftovers: [], done: [] });
  expect(repairView(result)).toBe("There is nothing to repair.\n");
});

test("asks which of several components is meant before it changes anything", async () => {
  await create({});
  const other = planned("exchange-auth:index:ExchangeAppOnlyAuth", "other");
  const plan = [component, application, other];
  expect((await run([], plan)).leftovers).toHaveLength(1);
  await expect(run([], plan, true)).rejects.toMatchObject({
    code: "EXO_AUTH_NO_COMPONENT",
    message: 'The stack has several components: "exchange", "other". Choose one with --component.',
  });
});

test("imports an application with all that is on its service principal", async () => {
  const { id, appId } = await create({ displayName: "TERRAFORM_UPDATE_1" });
  const principal = await tenant.write("POST", "/servicePrincipals", { appId });
  const principalId = v.parse(v.string(), principal["id"]);
  const consentPath = await grant(tenant, principalId);
  const rolePath = await assignRole(tenant, principalId, "Exchange Administrator");
  await assignRole(tenant, principalId, "Global Reader");
  const [, , resourceObjectId] = consentPath.split("/");
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const plan = [
    component,
    application,
    below(childTypes.servicePrincipal, "exchange", { clientId: unknown }),
    below(childTypes.appRoleAssignment, "exchange-manage-as-app", {
      appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440",
      resourceObjectId,
      principalObjectId: unknown,
    }),
    below(childTypes.directoryRoleAssignment, "exchange-administrator", {
      roleId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
      principalObjectId: unknown,
    }),
  ];

  const shown = await run([], plan);
  const result = await run([], plan, true);

  const ids = [`/applications/${id}`, `/servicePrincipals/${principalId}`, consentPath, rolePath];
  expect(shown).toMatchObject({ repaired: false, done: [] });
  expect(shown.leftovers.map(({ kind, action, urn }) => [kind, action, urn])).toEqual([
    ["application", "import", plan[1]?.urn],
    ["servicePrincipal", "import", plan[2]?.urn],
    ["consent", "import", plan[3]?.urn],
    ["roleAssignment", "import", plan[4]?.urn],
  ]);
  expect(result).toEqual({
    repaired: true,
    leftovers: shown.leftovers,
    done: [[undefined, ...ids]],
  });
  expect(repairView(shown).split("\n").at(0)).toBe(
    "The tenant has what this stack made and its state does not know:",
  );
  expect(repairView(shown)).toContain("to be imported: exchange: consent exchange-manage-as-app\n");
  expect(repairView(shown)).toContain("Nothing was changed. `exo-auth repair --yes` does this");
  expect(repairView(result)).toMatch(/^Repaired\.\n[^]*imported: exchange: role assignment/);
});

describe("where the state has another application", () => {
  test("an unused one is deleted, after the lock of the stack was tried", async () => {
    const [own, orphan] = [await create({}), await create({})];

    const { leftovers, done } = await run([component, mine(own.id)], [], true);

    expect(leftovers.map(({ id, action }) => [id, action])).toEqual([
      [`/applications/${orphan.id}`, "delete"],
    ]);
    expect(done).toEqual([[], { kind: "delete", path: `/applications/${orphan.id}` }]);
    expect(await run([component, mine(own.id)], [])).toMatchObject({ leftovers: [] });
  });

  test("one that somebody may sign in with stays", async () => {
    const [own, used] = [await create({}), await create({})];
    await tenant.write("POST", `/applications/${used.id}/addPassword`, {});

    const result = await run([component, mine(own.id)], [], true);

    expect(result).toMatchObject({ repaired: false, leftovers: [{ action: "keep" }], done: [] });
    expect(repairView(result)).toMatch(
      /^There is nothing to repair\.\n.*has credentials, so somebody may sign in with it; it stays\. Delete \/applications\//,
    );
  });
});

test("deletes credentials of our key id or certificate that the state does not know, and no others", async () => {
  const [ours, theirs] = [await makeCertificate(), await makeCertificate()];
  const keyIds = [1, 2, 3, 4].map((last) => `00000000-0000-4000-8000-00000000000${last}`);
  const [inState, byKeyId, bySha256, foreign] = keyIds;
  const own = await create({
    keyCredentials: [
      keyCredential(ours.certificatePem, inState!),
      keyCredential(theirs.certificatePem, byKeyId!),
      keyCredential(ours.certificatePem, bySha256!),
      keyCredential(theirs.certificatePem, foreign!),
    ],
  });
  const parent = component.urn;
  const state = [
    component,
    mine(own.id, own.appId),
    known(childTypes.applicationCertificate, "exchange-cert-1", { keyId: inState }, parent),
    known("random:index/randomUuid:RandomUuid", "exchange-cert-1-key-id", { result: inState }, parent),
    known("random:index/randomUuid:RandomUuid", "exchange-cert-2-key-id", { result: byKeyId }, parent),
    known(
      "tls:index/selfSignedCert:SelfSignedCert",
      "exchange-cert-1",
      { certPem: ours.certificatePem },
      parent,
    ),
  ];

  const { leftovers } = await run(state, [], true);

  expect(leftovers.map(({ kind, id, action }) => [kind, id, action])).toEqual([
    ["keyCredential", `${own.id}/${byKeyId}`, "delete"],
    ["keyCredential", `${own.id}/${bySha256}`, "delete"],
  ]);
  expect(await run(state, [])).toMatchObject({ leftovers: [] });
});

/** The application that the state knows. */
function mine(objectId: string, clientId = "c"): StackResource {
  const outputs = { displayName, description, objectId, clientId };
  return known(childTypes.application, "exchange", outputs, component.urn);
}

function keyCredential(certificatePem: string, keyId: string): Readonly<Record<string, unknown>> {
  const { raw, validFromDate, validToDate } = new X509Certificate(certificatePem);
  return {
    type: "AsymmetricX509Cert",
    usage: "Verify",
    keyId,
    key: raw.toString("base64"),
    startDateTime: validFromDate.toISOString(),
    endDateTime: validToDate.toISOString(),
  };
}
