import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readGenerationsConfiguration } from "../../../operations/rotation/generationsConfiguration.ts";

let folder: string;
let settings: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-generations-"));
  settings = path.join(folder, "Pulumi.contoso.yaml");
  writeFileSync(
    path.join(folder, "Pulumi.yaml"),
    "name: jobs\nruntime: nodejs\nconfig:\n  certificate:\n    type: object\n",
  );
  writeFileSync(settings, listing("1"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function listing(...names: readonly string[]): string {
  const items = names.map((name) => `      - name: "${name}"\n`).join("");
  return `config:\n  jobs:certificate:\n    generations:\n${items}`;
}

/** Asks with a Pulumi that answers for these generations, after something else has run. */
async function readWhile(command: string, ...names: readonly string[]) {
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  const objectValue = { generations: names.map((name) => ({ name })) };
  const answer = JSON.stringify({ "jobs:certificate": { objectValue, secret: false } });
  writeFileSync(path.join(bin, "pulumi"), `#!/bin/sh\n${command}\necho '${answer}'\n`);
  chmodSync(path.join(bin, "pulumi"), 0o755);
  return readGenerationsConfiguration(
    { project: "jobs", stack: "contoso" },
    {
      cwd: folder,
      stack: "contoso",
      env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env["PATH"]}` },
      signal: new AbortController().signal,
    },
  );
}

test("the settings file lists what Pulumi has", async () => {
  expect(await readWhile(":", "1")).toMatchObject({ key: "jobs:certificate", declared: [{ name: "1" }] });
});

test("names that YAML reads as numbers or dates are the texts that Pulumi has", async () => {
  writeFileSync(settings, listing("2", "2026-11-01").replaceAll('"', ""));
  expect(await readWhile(":", "2", "2026-11-01")).toMatchObject({
    declared: [{ name: "2" }, { name: "2026-11-01" }],
  });
});

test("what Pulumi has from elsewhere is not in the file", async () => {
  expect(await readWhile(":", "1", "2")).toBeUndefined();
});

test("a list behind an anchor of YAML is not in the file, even if it has the default name (pulumi/pulumi#6480)", async () => {
  writeFileSync(
    settings,
    `config:\n  jobs:base: &base\n    - name: "1"\n      publicCertificate: MIIC\n  jobs:certificate:\n    generations: *base\n`,
  );
  expect(await readWhile(":", "1")).toBeUndefined();
});

test("a file that another run edits between the two is refused, and does not look as if it were elsewhere", async () => {
  writeFileSync(path.join(folder, "edited"), listing("2", "1"));
  await expect(readWhile(`cp '${folder}/edited' '${settings}'`, "2", "1")).rejects.toMatchObject({
    code: "EXO_AUTH_FILE",
    message: `The stack's settings file "${settings}" was changed by somebody else in the meantime. Run this again.`,
  });
});
