import { expect, test } from "vitest";

import { readArguments } from "../../../sandbox/commands/arguments.ts";
import { SandboxError } from "../../../sandbox/sandboxError.ts";

test.for([
  [[], {}, { plugins: "stand-in", reset: false, command: [] }],
  [
    ["pulumi", "up", "--reset"],
    {},
    { plugins: "stand-in", reset: false, command: ["pulumi", "up", "--reset"] },
  ],
  [["--reset"], {}, { plugins: "stand-in", reset: true, command: [] }],
  [
    ["--plugins", "official", "--reset", "pulumi"],
    {},
    { plugins: "official", reset: true, command: ["pulumi"] },
  ],
  [["--plugins=official"], {}, { plugins: "official", reset: false, command: [] }],
  [["ls"], { SANDBOX_PLUGINS: "official" }, { plugins: "official", reset: false, command: ["ls"] }],
  [
    ["--plugins", "stand-in"],
    { SANDBOX_PLUGINS: "official" },
    { plugins: "stand-in", reset: false, command: [] },
  ],
  [[], { SANDBOX_PLUGINS: "" }, { plugins: "stand-in", reset: false, command: [] }],
] as const)("%j in %j", ([args, env, expected]) => {
  expect(readArguments(args, env)).toEqual(expected);
});

test.for([
  [
    ["--plugins"],
    {},
    '--plugins is neither "stand-in" nor "official", got "". Leave it out for the stand-ins.',
  ],
  [
    ["--plugins", "mine"],
    {},
    '--plugins is neither "stand-in" nor "official", got "mine". Leave it out for the stand-ins.',
  ],
  [
    [],
    { SANDBOX_PLUGINS: "Official" },
    'SANDBOX_PLUGINS is neither "stand-in" nor "official", got "Official". Leave it out for the stand-ins.',
  ],
  [["--rest"], {}, '"--rest" is no option of the sandbox. Use --plugins official or --reset.'],
] as const)("refuses %j in %j", ([args, env, message]) => {
  expect(() => readArguments(args, env)).toThrow(new SandboxError(message));
});
