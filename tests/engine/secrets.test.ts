import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { configure, sandboxForTest, secretsOf, up } from "./support.ts";

test("no private key stands in plain text in a state, a log, an event or an error", async () => {
  const sandbox = await sandboxForTest();
  const { folder, tenant } = sandbox;
  const stack = await sandbox.stack("contoso");
  const created = await up(stack);
  const shown = await stack.run("pulumi", ["stack", "output"]);
  await configure(stack, { "certificate.generations[0].name": "next" });
  tenant.faults.refuse({ method: "PATCH", path: /\/applications\// }, { status: 403 });
  const refused = await stack.run("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"]);
  expect(created.exitCode).toBe(0);
  expect(shown.stdout).toContain("privateKeyPem");
  expect(refused.stdout).toContain("Authorization_RequestDenied");

  const keys = Object.entries(await secretsOf(stack)).filter(([, secret]) => secret.includes("PRIVATE KEY"));
  const known = [
    "exchange-auth:ExchangeAppOnlyAuth exchange.outputs.privateKeyPem",
    "tls:PrivateKey exchange-cert-1-key.outputs.privateKeyPem",
    "tls:PrivateKey exchange-cert-next-key.outputs.privateKeyPemPkcs8",
  ];
  expect(known.filter((name) => !keys.some(([found]) => found === name))).toEqual([]);
  const places = {
    ...filesIn(folder.path),
    "events of up": created.output,
    "stack output": shown.stdout + shown.stderr,
    "output of the refused up": refused.stdout + refused.stderr,
  };
  expect(Object.keys(places)).toContain(join(folder.state, ".pulumi/stacks/exchange-auth/contoso.json"));
  expect(Object.keys(places).filter((path) => path.includes("/logs/"))).not.toEqual([]);

  // The SDK's debug messages are there, so that they are searched too.
  expect(created.output).toContain("RPC finished");

  const leaks = Object.entries(places).flatMap(([place, text]) =>
    keys.filter(([, key]) => text.includes(privatePart(key))).map(([name]) => `${name} in ${place}`),
  );
  expect(leaks).toEqual([]);
});

/** A line of a key in PEM that the public key has no part of, since the modulus comes first. */
function privatePart(pem: string): string {
  const line = pem.trim().split("\n").at(-3);
  if (line === undefined || line.length < 48) throw new Error("That is no key in PEM.");
  return line;
}

function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, "utf8")]));
}
