import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createSecureContext } from "node:tls";

import { afterAll, beforeAll, expect, test } from "vitest";

import { createSandbox, type Sandbox } from "../../sandbox/createSandbox.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { outputs, up, writes } from "./support.ts";

// The command line on one stack that the engine made, each test where the one before ended.
let sandbox: Sandbox;
let stack: StackWorkspace;

beforeAll(async () => {
  sandbox = await createSandbox();
  stack = await sandbox.stack("contoso");
});

afterAll(() => sandbox.close());

test("preflight finds nothing in the way, and writes nothing", async () => {
  const { exitCode, stdout } = await stack.run("exo-auth", ["preflight"]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('✓ no other application is called "Exchange Online automation"');
  expect(stdout).toContain("Nothing stops `pulumi up`.");
  expect(writes(sandbox.tenant)).toEqual([]);
});

test("status says that there is nothing yet", async () => {
  const { exitCode, stderr } = await stack.run("exo-auth", ["status"]);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(
    /The stack has no resources: it was never deployed, or was destroyed\. Run `pulumi up`\./,
  );
});

test("verify, status and export agree with the stack's outputs", async () => {
  expect((await up(stack)).exitCode).toBe(0);
  const { appId, thumbprint, tenantDomain } = await outputs(stack);

  const verified = await json("verify", "--wait", "0s");
  expect(verified).toMatchObject({
    ok: true,
    verifications: [
      { component: "exchange", clientId: appId, thumbprint, tenantDomain, organization: tenantDomain },
    ],
  });
  const known = await json("status");
  expect(known).toMatchObject({
    project: "exchange-auth",
    stack: "contoso",
    components: [
      {
        appId,
        roles: ["Exchange Administrator"],
        generations: [{ generation: "1", current: true, thumbprint }],
      },
    ],
  });
  const folder = join(sandbox.folder.path, "exported");
  expect(await json("export", "--out", folder)).toMatchObject({ component: "exchange", appId, thumbprint });
  const pfx = readFileSync(join(folder, "exchange.pfx"));
  const passphrase = readFileSync(join(folder, "exchange.pfx-password.txt"), "utf8");
  expect(() => createSecureContext({ pfx, passphrase })).not.toThrow();
  const certificate = new X509Certificate(readFileSync(join(folder, "exchange.cer")));
  expect(certificate.fingerprint.replaceAll(":", "")).toBe(thumbprint);

  const file = ["--certificate-file", join(folder, "exchange.pem"), "--app-id", String(appId)];
  const asOnAHost = await json("verify", ...file, "--organization", String(tenantDomain), "--wait", "0s");
  expect(asOnAHost).toMatchObject({ ok: true, verifications: [{ thumbprint }] });
});

/** Runs a command that must succeed, and reads its document. */
async function json(...args: readonly string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await stack.run("exo-auth", [...args, "--json"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as unknown;
}
