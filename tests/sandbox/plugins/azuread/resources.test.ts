import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { makeCertificate } from "../../tenant/certificates.ts";
import { revealed, textIn, type Kept } from "../hand.ts";
import { createIdentity, startPluginOnTenant, types, type PluginOnTenant } from "./tenant.ts";

const permission = {
  graph: "00000003-0000-0000-c000-000000000000",
  mailSend: "b633e1c5-b582-4048-a93e-9f11b44c7e96",
  globalReader: "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
};

let plugin: PluginOnTenant;
beforeAll(async () => {
  plugin = await startPluginOnTenant();
});
afterEach(() => plugin.tenant.faults.clear());
afterAll(async () => plugin.close());

describe("an application", () => {
  it("that somebody deleted is created anew", async () => {
    const { hand } = plugin;
    const application = await hand.create(types.application, { displayName: "Gone" });
    await hand.delete(application);
    expect(await hand.refresh(application)).toBeUndefined();
  });

  it("that is not found after its create is made, and its id is not told", async () => {
    const { hand, tenant } = plugin;
    tenant.faults.refuse({ method: "GET", path: /^\/v1\.0\/applications\/[^/]+$/ }, { status: 404 }, 1);
    await expect(hand.create(types.application, { displayName: "Not found" })).rejects.toThrow(
      /expected non-nil error with nil state during Create of urn:/,
    );
  });

  it("that somebody changed shows it in a refresh, and its diff puts it right", async () => {
    const { hand } = plugin;
    const application = await hand.create(types.application, { displayName: "Mine", notes: "Kept." });
    const elsewhere = await hand.import(types.application, application.id);
    expect(elsewhere?.id).toBe(application.id);
    await hand.update(elsewhere as Kept, { displayName: "Theirs", notes: "Kept." });
    const refreshed = await hand.refresh(application);
    expect(refreshed?.state["displayName"]).toBe("Theirs");
    const verdict = await hand.diff({ ...application, state: refreshed?.state ?? {} }, application.inputs);
    expect(verdict).toMatchObject({ changes: "DIFF_SOME", diffs: ["displayName"] });
    expect(verdict.replaces).toBeUndefined();
  });

  it("is created under a passing name and with its deployer as an owner for a moment", async () => {
    const { hand, takeWrites } = plugin;
    takeWrites();
    await hand.create(types.application, { displayName: "Watched" });
    expect(takeWrites()).toEqual([
      "POST /v1.0/applications 201",
      "PATCH /v1.0/applications/ID 204",
      "PATCH /v1.0/applications/ID 204",
      "DELETE /v1.0/applications/ID/owners/ID/$ref 204",
    ]);
  });

  it("keeps its id when what follows the creation fails", async () => {
    const { hand, tenant } = plugin;
    tenant.faults.refuse({ method: "PATCH", path: /applications/ }, { status: 403 });
    const { error, incomplete } = await hand.tryCreate(types.application, { displayName: "Half" });
    expect(error).toContain("403");
    expect(incomplete?.id).toMatch(/^\/applications\//);
    expect(incomplete?.properties["displayName"]).toBe("Half");
  });

  it("keeps what was read of it when the rest cannot be read", async () => {
    const { hand, tenant } = plugin;
    tenant.faults.dropConnection({ method: "GET", path: /\/beta\/applications/ });
    const { error, incomplete } = await hand.tryCreate(types.application, { displayName: "Half read" });
    expect(error).toMatch(/Retrieving additional properties for Application .*: Get "https:.*": EOF/);
    const { clientId, objectId, displayName } = incomplete?.properties ?? {};
    expect(incomplete?.id).toBe(`/applications/${String(objectId)}`);
    expect(clientId).toMatch(/^[-0-9a-f]{36}$/);
    expect(displayName).toBe("Half read");
  });

  it("is tried again when Graph is busy", async () => {
    const { hand, tenant } = plugin;
    const fault = tenant.faults.throttle({ path: /applications/ }, 1, 2);
    await hand.create(types.application, { displayName: "Patient" });
    expect(fault.hits).toBe(2);
  });

  it("refuses what the tenant refuses, in the tenant's words", async () => {
    const { hand, tenant } = plugin;
    tenant.faults.refuse({ method: "POST", path: /applications/ }, { status: 403 });
    const { error, incomplete } = await hand.tryCreate(types.application, { displayName: "No" });
    expect(error).toContain(
      "Could not create application: unexpected status 403 (403 Forbidden) with error: Authorization_RequestDenied: Insufficient privileges",
    );
    expect(incomplete).toBeUndefined();
  });
});

describe("a service principal", () => {
  it("that Graph does not know right after its creation fails, but keeps its id", async () => {
    const { hand, tenant } = plugin;
    const application = await hand.create(types.application, { displayName: "Slow" });
    tenant.faults.refuse({ method: "PATCH", path: /servicePrincipals/ }, { status: 404 });
    const { error, incomplete } = await hand.tryCreate(types.principal, {
      clientId: application.state["clientId"],
    });
    expect(error).toContain("404");
    expect(incomplete?.id).toMatch(/^\/servicePrincipals\//);
    expect(incomplete?.reasons).toHaveLength(1);
    expect(incomplete?.properties).toMatchObject({ clientId: application.state["clientId"] });
  });

  it("that exists already can be adopted, and is deleted all the same", async () => {
    const { hand } = plugin;
    const { application, principal } = await createIdentity(hand);
    const clientId = application.state["clientId"];
    await expect(hand.create(types.principal, { clientId })).rejects.toThrow(/already exists/);
    const adopted = await hand.create(types.principal, { clientId, useExisting: true });
    expect(adopted.id).toBe(principal.id);
    await hand.delete(adopted);
    expect(await hand.refresh(principal)).toBeUndefined();
  });

  it("that was adopted counts as deleted even if the tenant refuses", async () => {
    const { hand, tenant } = plugin;
    const { application } = await createIdentity(hand);
    const inputs = { clientId: application.state["clientId"], useExisting: true };
    const adopted = await hand.create(types.principal, inputs);
    tenant.faults.refuse({ method: "DELETE", path: /servicePrincipals/ }, { status: 403 });
    await hand.delete(adopted);
    expect((await hand.refresh(adopted))?.id).toBe(adopted.id);
  });

  it("that was left by a failure is found by the next attempt", async () => {
    const { hand, tenant } = plugin;
    const application = await hand.create(types.application, { displayName: "Healed" });
    const inputs = { clientId: application.state["clientId"], useExisting: true };
    tenant.faults.refuse({ method: "PATCH", path: /servicePrincipals/ }, { status: 404 }, 1);
    const { incomplete } = await hand.tryCreate(types.principal, inputs);
    expect((await hand.create(types.principal, inputs)).id).toBe(incomplete?.id);
  });

  it("waits for an application that is not everywhere yet", async () => {
    const { hand, tenant } = plugin;
    const application = await hand.create(types.application, { displayName: "Replicating" });
    const message = `When using this permission, the backing application of the service principal being created must in the local tenant`;
    const fault = tenant.faults.refuse(
      { method: "POST", path: /servicePrincipals/ },
      { status: 403, message },
      2,
    );
    await hand.create(types.principal, { clientId: application.state["clientId"] });
    expect(fault.hits).toBe(2);
  });
});

describe("a certificate", () => {
  it("cannot be read once its application is gone", async () => {
    const { hand } = plugin;
    const application = await hand.create(types.application, { displayName: "Certified" });
    const certificate = await hand.create(types.certificate, await inputsFor(application));
    await hand.delete(application);
    await expect(hand.refresh(certificate)).rejects.toThrow(
      /^refreshing urn:.*: 1 error occurred:\n\t\* \[application_id\] Retrieving Application \(Application: "[-0-9a-f]+"\): unexpected status 404/,
    );
  });

  it("that somebody removed is added anew", async () => {
    const { hand } = plugin;
    const application = await hand.create(types.application, { displayName: "Bare" });
    const certificate = await hand.create(types.certificate, await inputsFor(application));
    const twin = { ...certificate, state: certificate.state };
    await hand.delete(twin);
    expect(await hand.refresh(certificate)).toBeUndefined();
  });

  it("that was added but never seen leaves no id, though the tenant has it", async () => {
    const { hand, tenant } = plugin;
    const application = await hand.create(types.application, { displayName: "Unseen" });
    const inputs = await inputsFor(application);
    tenant.faults.loseAnswer({ method: "PATCH", path: /applications/ }, 1);
    const { error, incomplete } = await hand.tryCreate(types.certificate, inputs);
    expect(error).toContain("Adding certificate for Application");
    expect(error).toContain("HTTP response was nil; connection may have been reset");
    expect(incomplete).toBeUndefined();
    const { state } = (await hand.refresh(application)) ?? application;
    expect(state["displayName"]).toBe("Unseen");
  });

  it("refuses a key ID that is taken", async () => {
    const { hand } = plugin;
    const application = await hand.create(types.application, { displayName: "Twice" });
    const keyId = "8a4c5d60-7b3e-4f21-9c1d-0e2f3a4b5c6d";
    const inputs = { ...(await inputsFor(application)), keyId };
    await hand.create(types.certificate, inputs);
    await expect(hand.create(types.certificate, inputs)).rejects.toThrow(
      `A resource with the ID "${textIn(application.state, "objectId")}/certificate/${keyId}" already exists`,
    );
  });

  it("refuses an end date relative to a start date, as the official plugin happens to", async () => {
    const { hand } = plugin;
    const application = await hand.create(types.application, { displayName: "Relative" });
    const { endDate: _, ...inputs } = await inputsFor(application);
    const relative = { ...inputs, endDateRelative: "24h" };
    await expect(hand.create(types.certificate, relative)).rejects.toThrow('cannot parse "24h" as "2006"');
  });

  it("is kept while others come and go", async () => {
    const { hand } = plugin;
    const application = await hand.create(types.application, { displayName: "Two keys" });
    const [first, second] = await Promise.all([
      hand.create(types.certificate, await inputsFor(application)),
      hand.create(types.certificate, await inputsFor(application)),
    ]);
    await hand.delete(first);
    expect(await hand.refresh(first)).toBeUndefined();
    expect((await hand.refresh(second))?.state["keyId"]).toBe(second.state["keyId"]);
  });

  it("is the tenant's to refuse", async () => {
    const { hand } = plugin;
    const application = await hand.create(types.application, { displayName: "Expired" });
    const inputs = { ...(await inputsFor(application)), endDate: "2001-01-01T00:00:00Z" };
    await expect(hand.create(types.certificate, inputs)).rejects.toThrow(
      /Adding certificate for Application .*: unexpected status 400 \(400 Bad Request\)/,
    );
  });
});

describe("an assignment", () => {
  it("of an app role to a principal that is not everywhere yet waits for it", async () => {
    const { hand, tenant } = plugin;
    const { principal } = await createIdentity(hand);
    const fault = tenant.faults.refuse({ method: "POST", path: /appRoleAssign/ }, { status: 404 }, 2);
    await hand.create(types.assignment, await mailSend(principal));
    expect(fault.hits).toBe(2);
  });

  it("of a directory role does not wait", async () => {
    const { hand, tenant } = plugin;
    const { principal } = await createIdentity(hand);
    tenant.faults.refuse({ method: "POST", path: /roleAssignments/ }, { status: 404 }, 1);
    const inputs = { principalObjectId: principal.state["objectId"], roleId: permission.globalReader };
    const { error, incomplete } = await hand.tryCreate(types.role, inputs);
    expect(error).toContain(`Assigning directory role "${permission.globalReader}" to directory principal`);
    expect(error).toContain("404");
    expect(incomplete).toBeUndefined();
  });

  it("that somebody removed is given anew", async () => {
    const { hand } = plugin;
    const { principal } = await createIdentity(hand);
    const assignment = await hand.create(types.assignment, await mailSend(principal));
    const role = await hand.create(types.role, {
      principalObjectId: principal.state["objectId"],
      roleId: permission.globalReader,
    });
    await hand.delete(assignment);
    await hand.delete(role);
    expect(await hand.refresh(assignment)).toBeUndefined();
    expect(await hand.refresh(role)).toBeUndefined();
  });
});

describe("a federated credential", () => {
  const inputs = {
    audiences: ["api://AzureADTokenExchange"],
    displayName: "deploy",
    issuer: "https://token.actions.githubusercontent.com",
    subject: "repo:contoso/jobs:ref:refs/heads/main",
  };

  it("lives like the other types", async () => {
    const { hand } = plugin;
    const application = await hand.create(types.application, { displayName: "Trusting" });
    const credential = await hand.create(types.credential, { ...inputs, applicationId: application.id });
    const changed = { ...inputs, applicationId: application.id, subject: "repo:contoso/jobs:pull_request" };
    expect(await hand.diff(credential, changed)).toMatchObject({ diffs: ["subject"] });
    const updated = await hand.update(credential, changed);
    expect((await hand.refresh(updated))?.state["subject"]).toBe(changed.subject);
    const renamed = await hand.diff(updated, { ...changed, displayName: "other" });
    expect(renamed.replaces).toEqual(["displayName"]);
    await hand.delete(updated);
    expect(await hand.refresh(updated)).toBeUndefined();
  });
});

describe("an import", () => {
  it("finds every type by its id, with inputs that are equal to the state", async () => {
    const { hand } = plugin;
    const { application, principal } = await createIdentity(hand);
    const made = [
      application,
      principal,
      await hand.create(types.assignment, await mailSend(principal)),
      await hand.create(types.role, {
        principalObjectId: principal.state["objectId"],
        roleId: permission.globalReader,
      }),
    ];
    for (const { token, id } of made) {
      const imported = await hand.import(token, id);
      expect(imported?.id).toBe(id);
      expect((await hand.diff(imported as Kept, imported?.inputs ?? {})).changes).toBe("DIFF_NONE");
    }
  });

  it("of a certificate lacks its value, which nobody can read", async () => {
    const { hand } = plugin;
    const application = await hand.create(types.application, { displayName: "Imported" });
    const certificate = await hand.create(types.certificate, await inputsFor(application));
    const imported = await hand.import(types.certificate, certificate.id);
    expect(imported?.state["keyId"]).toBe(certificate.state["keyId"]);
    expect(revealed(imported?.inputs["value"])).toBeNull();
    const verdict = await hand.diff(imported as Kept, certificate.inputs);
    expect(verdict.replaces).toContain("value");
  });

  it.each(Object.values(types))("of a %s that does not look like one finds nothing", async (token) => {
    expect(await plugin.hand.import(token, "nothing")).toBeUndefined();
  });

  it("of something that does not exist finds nothing", async () => {
    const id = "/applications/9b1f1a6e-6b6f-4d51-8a90-7c1d2e3f4a5b";
    expect(await plugin.hand.import(types.application, id)).toBeUndefined();
  });
});

async function inputsFor(application: Kept) {
  const certificate = await makeCertificate();
  return {
    applicationId: application.id,
    type: "AsymmetricX509Cert",
    value: certificate.pem,
    startDate: certificate.notBefore.toISOString(),
    endDate: certificate.notAfter.toISOString(),
  };
}

async function mailSend(principal: Kept) {
  const token = "azuread:index/getServicePrincipal:getServicePrincipal";
  const graph = await plugin.hand.invoke(token, { clientId: permission.graph });
  return {
    appRoleId: permission.mailSend,
    principalObjectId: textIn(principal.state, "objectId"),
    resourceObjectId: graph["objectId"],
  };
}
