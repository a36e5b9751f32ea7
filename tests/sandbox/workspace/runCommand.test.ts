import { expect, test } from "vitest";

import { runAttached, runCommand } from "../../../sandbox/workspace/runCommand.ts";

const shell = (script: string, options?: Parameters<typeof runCommand>[2]) =>
  runCommand("/bin/sh", ["-c", script], options);

test("keeps both outputs and the exit code", async () => {
  expect(await shell("echo out; echo err >&2; exit 7")).toEqual({
    exitCode: 7,
    stdout: "out\n",
    stderr: "err\n",
  });
});

test("gives the command its input, environment and folder, and no other environment", async () => {
  const options = { input: "in", env: { ONLY: "this" }, cwd: "/" };

  expect(await shell('cat; echo " $ONLY $HOME $PWD"', options)).toMatchObject({ stdout: "in this  /\n" });
});

test("gives the exit code of a signal as a shell does", async () => {
  expect(await shell("kill -TERM $$")).toMatchObject({ exitCode: 143 });
  expect(await shell("exec sleep 60", { timeoutMs: 10 })).toMatchObject({ exitCode: 137 });
});

test("hands over lines as they come", async () => {
  const lines: string[] = [];
  await shell("echo one; echo two >&2; printf three", { onLine: (line) => lines.push(line) });

  expect(lines.toSorted()).toEqual(["one", "three", "two"]);
});

test("a command that reads no input is no failure", async () => {
  expect(await shell("exit 0", { input: "x".repeat(1_000_000) })).toMatchObject({ exitCode: 0 });
});

test("fails where the command does not exist", async () => {
  await expect(runCommand("/no/such/command", [])).rejects.toThrow("ENOENT");
});

test("an attached command is not ended by Ctrl-C meant for it, and is told of a signal to this process alone", async () => {
  const listeners = process.listenerCount("SIGTERM");
  const attached = runAttached("/bin/sh", ["-c", "trap 'exit 5' TERM; while :; do sleep 0.01; done"], {});
  process.emit("SIGINT", "SIGINT");
  process.emit("SIGTERM", "SIGTERM");

  // The signal may come before the command says what to do about it.
  expect([5, 143]).toContain(await attached);
  expect(process.listenerCount("SIGTERM")).toBe(listeners);
});
