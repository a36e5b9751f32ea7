import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";

import { expect, test } from "vitest";

import { commands } from "../../cli/commands.ts";
import { run } from "../../cli/run.ts";
import { firstCommand, hasPattern, wordsOf } from "../docs/shellLine.ts";

/** The call of `exo-auth` in each example of its help. */
const examples = commands.flatMap(({ name, examples: shown }) =>
  shown.map(({ command: line }) => ({
    name,
    line,
    call: firstCommand(line.slice(line.indexOf("exo-auth "))),
  })),
);

test.each(examples)("$line", async ({ name, line, call }) => {
  expect(hasPattern(line)).toBe(false);
  const [program, ...args] = wordsOf(call);
  const words = name.split(" ");
  expect([program, ...args.slice(0, words.length)]).toEqual(["exo-auth", ...words]);
  // Every option is understood before Pulumi or the environment is asked, which have nothing here.
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const { signal } = new AbortController();
  const exitCode = await run(args, { stdout, stderr, env: { PATH: "/nowhere" }, signal });
  stdout.end();
  stderr.end();
  const [out, err] = await Promise.all([text(stdout), text(stderr)]);
  expect(out + err).toMatch(
    exitCode === 2
      ? /names no application|has no federated token|"fleet" cannot be used: it does not exist/
      : /is not on PATH|"[^"]*(?:password\.txt|state\.json|tenants\.csv)" does not exist|Azure CLI could not be found/,
  );
});
