import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { type RunResult, runCommand } from "../../../sandbox/workspace/runCommand.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import { blocksOf, commandsOf } from "../../docs/pages.ts";
import { withoutChance } from "../../docs/withoutChance.ts";

// What docs/tutorial.md has a reader type, in its order and in a sandbox of its own.
let folder: string;
const printed = new Map<string, string>();
let appId = "";

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-tutorial-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** What a reader types, with the host's folder and the client ID of this run. */
function asTyped(command: string): Promise<RunResult> {
  const text = command
    .replace("npm run sandbox --", `node ${repository}/scripts/bootstrap.mjs sandbox/commands/main.ts`)
    .replaceAll("/tmp/exchange-host", `${folder}/host`)
    .replace(/(?<=--app-id )\S+/, appId);
  const env = { ...process.env, FORCE_COLOR: "0", SANDBOX_FOLDER: path.join(folder, "sandbox") };
  return runCommand("sh", ["-c", text], { env, cwd: repository });
}

test.each(commandsOf("docs/tutorial.md"))("$text", async ({ text }) => {
  const { exitCode, stdout, stderr } = await asTyped(text);
  expect({ exitCode, said: exitCode === 0 ? "" : stdout + stderr }).toEqual({ exitCode: 0, said: "" });
  printed.set(text, stdout);
  if (text.endsWith("output appId")) appId = stdout.trim();
});

test("each command prints what the page shows, and says", () => {
  const print = (command: string): string => printed.get(`npm run sandbox -- ${command}`) ?? "";
  const shown = blocksOf("docs/tutorial.md").filter(({ language }) => language === "text");
  expect(shown.map(({ text }) => withoutChance(text))).toEqual(
    ["exo-auth preflight", "exo-auth verify"].map((command) => withoutChance(print(command))),
  );
  expect(print("pulumi preview")).toMatch(/ {4}\+ 15 to create\n/);
  expect(print("pulumi up --yes")).toMatch(/ privateKeyPem +: \[secret\]\n/);
  const onHost = [...printed].find(([command]) => command.includes("--certificate-file"))?.[1] ?? "";
  expect(onHost.split("\n").slice(1)).toEqual(print("exo-auth verify").split("\n").slice(1));
  expect(print("exo-auth audit").trimEnd()).toMatch(/nothing found in \d+ checks$/);
  expect(print("exo-auth rotate --dry-run")).toMatch(/^✓ Nothing is due\. Next: /m);
});
