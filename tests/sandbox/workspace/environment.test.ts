import { expect, test } from "vitest";

import {
  callersEnvironment,
  type EnvironmentParts,
  sandboxEnvironment,
} from "../../../sandbox/workspace/environment.ts";
import { sandboxFolder } from "../../../sandbox/workspace/sandboxFolder.ts";

const parts: EnvironmentParts = {
  outer: { PATH: "/usr/bin", HOME: "/home/me" },
  folder: sandboxFolder("/box"),
  pulumiHome: "/box/home/stand-in",
  plugins: "stand-in",
  tenantUrl: "https://localhost:8443",
  deployer: { tenantId: "tenant", clientId: "client", clientSecret: "secret" },
};

const standing = {
  HOME: "/home/me",
  PATH: "/box/bin:/usr/bin",
  NO_PROXY: "localhost,127.0.0.1",
  no_proxy: "localhost,127.0.0.1",
  NODE_EXTRA_CA_CERTS: "/box/certificateAuthority.pem",
  SSL_CERT_FILE: "/box/trustedAuthorities.pem",
  CURL_CA_BUNDLE: "/box/trustedAuthorities.pem",
  PULUMI_HOME: "/box/home/stand-in",
  PULUMI_BACKEND_URL: "file:///box/state",
  PULUMI_CONFIG_PASSPHRASE: "sandbox",
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  ARM_METADATA_HOSTNAME: "localhost:8443",
  ARM_TENANT_ID: "tenant",
  ARM_CLIENT_ID: "client",
  ARM_CLIENT_SECRET: "secret",
};

test("names the sandbox's parts and nothing else", () => {
  expect(sandboxEnvironment(parts)).toEqual(standing);
});

test("points to a stack and to its settings file", () => {
  expect(sandboxEnvironment({ ...parts, stack: { name: "contoso", settings: "/box/c.yaml" } })).toEqual({
    ...standing,
    PULUMI_STACK: "contoso",
    PULUMI_OPTION_CONFIG_FILE: "/box/c.yaml",
  });
});

test("lets the engine download official plugins, and never look for stand-ins elsewhere", () => {
  const variable = "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION";

  expect(sandboxEnvironment({ ...parts, plugins: "official" })).not.toHaveProperty(variable);
});

test("takes nothing over that reaches or signs in to something real", () => {
  const outer = {
    ...parts.outer,
    ARM_CLIENT_CERTIFICATE_PATH: "/real.pfx",
    ARM_USE_OIDC: "true",
    AZURE_CLIENT_SECRET: "real",
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://real",
    SYSTEM_ACCESSTOKEN: "real",
    IDENTITY_ENDPOINT: "http://169.254.169.254",
    PULUMI_ACCESS_TOKEN: "real",
    PULUMI_BACKEND_URL: "s3://real",
    PULUMI_STACK: "production",
    TF_LOG: "DEBUG",
  };

  expect(sandboxEnvironment({ ...parts, outer })).toEqual(standing);
});

test("signs in as the caller does, with a state of its own", () => {
  const { folder, pulumiHome } = parts;
  const outer = {
    PATH: "/usr/bin",
    AZURE_CONFIG_DIR: "/home/me/.azure",
    ARM_TENANT_ID: "another",
    PULUMI_BACKEND_URL: "s3://real",
    PULUMI_ACCESS_TOKEN: "real",
  };
  const own = {
    PATH: "/box/bin:/usr/bin",
    AZURE_CONFIG_DIR: "/home/me/.azure",
    ARM_TENANT_ID: "tenant",
    PULUMI_HOME: "/box/home/stand-in",
    PULUMI_BACKEND_URL: "file:///box/state",
    // Drawn at random, and the same for every command of this process, since they share a state.
    PULUMI_CONFIG_PASSPHRASE: expect.stringMatching(/^[\w-]{32}$/) as unknown,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
  };

  const here = callersEnvironment({ outer, folder, pulumiHome, tenantId: "tenant" });
  expect(here).toEqual(own);
  expect(
    callersEnvironment({ outer, folder, pulumiHome, tenantId: "tenant", metadataHost: "localhost:8443" }),
  ).toEqual({ ...here, ARM_METADATA_HOSTNAME: "localhost:8443" });
});

test("goes past a proxy to the tenant, besides where the caller does already", () => {
  const { NO_PROXY, no_proxy } = sandboxEnvironment({
    ...parts,
    outer: { HTTPS_PROXY: "http://proxy:3128", no_proxy: "intranet" },
  });

  expect([NO_PROXY, no_proxy]).toEqual(["intranet,localhost,127.0.0.1", "intranet,localhost,127.0.0.1"]);
});
