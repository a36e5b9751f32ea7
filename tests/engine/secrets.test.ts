import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { configure, sandboxForTest, secretsOf, up } from "./support.ts";

test("no private key stands in plain text in a state, a log, an event or an error", async () => {
  const sandbox = await sandboxForTest();
  const { folder } = sandbox;
  const contoso = await sandbox.stack("contoso");
  const created = await up(contoso);
  const shown = await contoso.run("pulumi", ["stack", "output"]);
  await configure(contoso, { "roles[0]": "Chief of Everything" });
  const refused = await contoso.run("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"]);
  expect([created.exitCode, shown.exitCode, refused.exitCode]).toEqual([0, 0, 1]);

  const keys = Object.entries(await secretsOf(contoso)).filter(([, secret]) =>
    secret.includes("PRIVATE KEY"),
  );
  expect(keys.map(([name]) => name)).toEqual([]);
  const places = {
    ...filesIn(folder.path),
    "events of up": created.output,
    "stack output": shown.stdout + shown.stderr,
    "output of the refused up": refused.stdout + refused.stderr,
  };

  const paths = Object.keys(places);
  expect(paths).toContain(join(folder.state, ".pulumi/stacks/exchange-auth/contoso.json"));
  expect(paths.some((path) => path.includes("/logs/"))).toBe(true);
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
