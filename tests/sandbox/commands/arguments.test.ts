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
  [
    ["--as", "reader", "exo-auth", "audit", "--as", "x"],
    {},
    { plugins: "stand-in", reset: false, identity: "reader", command: ["exo-auth", "audit", "--as", "x"] },
  ],
  [
    ["--seed=a=b.json", "--unkind", "7", "pulumi"],
    {},
    { plugins: "stand-in", reset: false, seedFile: "a=b.json", unkindness: { seed: 7 }, command: ["pulumi"] },
  ],
  [
    ["--unkind=7:25"],
    {},
    { plugins: "stand-in", reset: false, unkindness: { seed: 7, percent: 25 }, command: [] },
  ],
] as const)("%j in %j", ([args, env, expected]) => {
  expect(readArguments(args, env)).toEqual(expected);
});

test.for([
  [
    ["--plugins"],
    {},
    '--plugins must be "stand-in" or "official", got "". Leave it out to use the stand-ins.',
  ],
  [
    ["--plugins", "mine"],
    {},
    '--plugins must be "stand-in" or "official", got "mine". Leave it out to use the stand-ins.',
  ],
  [
    [],
    { SANDBOX_PLUGINS: "Official" },
    'SANDBOX_PLUGINS must be "stand-in" or "official", got "Official". Leave it out to use the stand-ins.',
  ],
  [
    ["--rest"],
    {},
    '"--rest" is not an option of the sandbox. Use --as, --plugins, --reset, --seed or --unkind.',
  ],
  [["--as"], {}, '--as must be the name of an identity, got "".'],
  [["--seed", "--reset"], {}, '--seed must be a file of tenants, got "--reset".'],
  [
    ["--unkind", "much"],
    {},
    '--unkind must be a number, optionally with the percentage of requests that get a fault, such as 7:25, got "much".',
  ],
  [
    ["--unkind", "7:101"],
    {},
    '--unkind must be a number, optionally with the percentage of requests that get a fault, such as 7:25, got "7:101".',
  ],
] as const)("refuses %j in %j", ([args, env, message]) => {
  expect(() => readArguments(args, env)).toThrow(new SandboxError(message));
});
