import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import type { RunResult } from "../../../sandbox/workspace/runCommand.ts";
import { checks, preparations, sandboxPrefix, testedPages } from "../../docs/commands.ts";
import { commandsOf, pages } from "../../docs/pages.ts";
import { copyProgram } from "../../docs/programCopy.ts";

/** The commands of a page that belong into a sandbox; those that say so themselves come last, when there is a stack. */
function sandboxCommands(page: string): readonly string[] {
  if (page in testedPages) return [];
  const texts = commandsOf(page)
    .map(({ text }) => text)
    .filter((text) => checks[text] === "sandbox");
  const [own, typed] = [true, false].map((wanted) =>
    texts.filter((text) => text.startsWith(sandboxPrefix) === wanted),
  );
  return [...(typed ?? []), ...(own ?? [])];
}

describe.each(pages.filter((page) => sandboxCommands(page).length > 0))("the commands of %s", (page) => {
  let sandbox: Sandbox;
  let folder: string;

  beforeAll(async () => {
    sandbox = await createSandbox();
    folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-docs-"));
    copyProgram(folder);
    for (const command of preparations[page] ?? []) await succeed(command);
  });

  afterAll(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true });
  });

  it.each(sandboxCommands(page))("%s", async (command) => {
    const { stdout } = await succeed(command.replace(sandboxPrefix, ""));
    expect(stdout).not.toContain("PRIVATE KEY");
  });

  async function succeed(command: string): Promise<RunResult> {
    // A reader answers pulumi's question whether to go on with yes.
    const env = { ...sandbox.env, PULUMI_OPTION_YES: "true" };
    const result = await sandbox.run("sh", ["-c", command], { cwd: folder, env });
    expect(result, `${command}\n${result.stdout}${result.stderr}`).toMatchObject({ exitCode: 0 });
    return result;
  }
});
