import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readSettings } from "../../../../sandbox/plugins/azuread/settings.ts";

const complete = {
  metadataHost: "localhost:1",
  tenantId: "tenant",
  clientId: "client",
  clientSecret: "secret",
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "settings-"));
});
afterAll(async () => rm(folder, { recursive: true }));

it("come from the provider's configuration before the environment", async () => {
  const environment = { ARM_TENANT_ID: "other", ARM_CLIENT_ID: "other", ARM_CLIENT_SECRET: "other" };
  expect(await readSettings(complete, environment)).toEqual({
    metadataHost: "localhost:1",
    tenantId: "tenant",
    clientId: "client",
    credential: { kind: "secret", secret: "secret" },
  });
});

it("come from the environment where the configuration has none", async () => {
  const settings = await readSettings(
    {},
    {
      ARM_METADATA_HOSTNAME: "localhost:2",
      ARM_TENANT_ID: "tenant",
      ARM_CLIENT_ID: "client",
      ARM_CLIENT_CERTIFICATE_PATH: "/deploy.pfx",
      ARM_CLIENT_CERTIFICATE_PASSWORD: "password",
      ARM_CLIENT_SECRET: "secret",
    },
  );
  expect(settings.metadataHost).toBe("localhost:2");
  expect(settings.credential).toEqual({ kind: "certificate", path: "/deploy.pfx", password: "password" });
});

it("refuse to be without a metadata host: the stand-in never talks to the cloud", async () => {
  const { metadataHost: _, ...rest } = complete;
  await expect(readSettings(rest, {})).rejects.toThrow("never talks to the cloud");
});

it("refuse an environment that the official plugin does not know", async () => {
  await expect(readSettings({ ...complete, environment: "moon" }, {})).rejects.toThrow(
    'Azure environment "moon"',
  );
});

it.each(["tenantId", "clientId", "clientSecret"])("refuse to lack %s", async (name) => {
  await expect(readSettings({ ...complete, [name]: "" }, {})).rejects.toThrow(
    "failed to load Azure credentials",
  );
});

describe("an OIDC token", () => {
  const { clientSecret: _, ...rest } = complete;

  it("is used only if asked for", async () => {
    await expect(readSettings({ ...rest, oidcToken: "token" }, {})).rejects.toThrow(
      "failed to load Azure credentials",
    );
    const settings = await readSettings(rest, { ARM_USE_OIDC: "true", ARM_OIDC_TOKEN: "token" });
    expect(settings.credential).toEqual({ kind: "federated", token: "token" });
  });

  it("is asked for where GitHub Actions says so, if there is none yet", async () => {
    const actions = {
      ARM_USE_OIDC: "true",
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://actions.example/token?v=1",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "for asking",
    };
    const { url, bearer } = { url: "https://actions.example/token?v=1", bearer: "for asking" };
    expect((await readSettings(rest, actions)).credential).toEqual({ kind: "requested", url, bearer });
    const both = await readSettings(rest, { ...actions, ARM_OIDC_TOKEN: "token" });
    expect(both.credential).toEqual({ kind: "federated", token: "token" });
    const unable = { ...actions, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "" };
    await expect(readSettings(rest, unable)).rejects.toThrow("failed to load Azure credentials");
  });

  it("may be in a file", async () => {
    const file = path.join(folder, "token");
    await writeFile(file, "token from a file\n");
    const settings = await readSettings({ ...rest, useOidc: true, oidcTokenFilePath: file }, {});
    expect(settings.credential).toEqual({ kind: "federated", token: "token from a file" });
    const both = { ...rest, useOidc: true, oidcToken: "another", oidcTokenFilePath: file };
    await expect(readSettings(both, {})).rejects.toThrow("mismatch between supplied oidcToken");
  });

  it("of a pod in AKS comes with the pod's tenant, and with nothing else of the pod", async () => {
    const { tenantId: _tenant, ...inPod } = { ...rest, useAksWorkloadIdentity: true, oidcToken: "token" };
    const environment = { AZURE_TENANT_ID: "pod", AZURE_CLIENT_ID: "pod" };
    expect(await readSettings(inPod, environment)).toMatchObject({
      tenantId: "pod",
      clientId: "client",
      credential: { kind: "federated", token: "token" },
    });
    await expect(readSettings({ ...inPod, tenantId: "other" }, environment)).rejects.toThrow(
      "mismatch between supplied Tenant ID",
    );
  });
});
