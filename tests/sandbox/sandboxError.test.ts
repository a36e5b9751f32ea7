import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { expect, test } from "vitest";

const module = join(import.meta.dirname, "../../sandbox/sandboxError.ts");

/** Runs a command of the sandbox whose reader, if there is one, ends at once. */
function run(body: string, reader = "cat"): string {
  const program = `import { runAsProcess, SandboxError } from "${module}"; await runAsProcess(async () => { ${body} });`;
  // What the command says on standard error follows what its reader prints, and then its exit code.
  const script = `{ "$0" --input-type=module --eval "$1" 2>&3; echo "exit code $?" >&3; } | ${reader}`;
  const { stdout } = spawnSync("bash", ["-c", `exec 3>&1; ${script}`, process.execPath, program], {
    encoding: "utf8",
  });
  return stdout;
}

const printing =
  'for (let line = 0; line < 20; line++) { process.stdout.write("line\\n"); await new Promise((resolve) => setTimeout(resolve, 10)); }';

test("a command ends quietly, and with its own exit code, where its reader has gone", () => {
  expect(run(`${printing} return 7;`, "true")).toBe("exit code 7\n");
});

test("says what the person can mend, without a stack trace", () => {
  expect(run('throw new SandboxError("Give another.");')).toBe("Give another.\nexit code 1\n");
});
