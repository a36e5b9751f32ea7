import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { worstExitCode } from "../../../cli/exitCodes.ts";
import { fleetRotateView } from "../../../cli/views/fleetRotateView.ts";
import type { RotatedStack } from "../../../operations/fleet/fleetRotate.ts";
import type { RotateResult } from "../../../operations/rotation/rotate.ts";
import { makeCliFolder } from "../cliProcess.ts";

function rotated(stack: string, changes: Partial<RotateResult> = {}): RotatedStack {
  return {
    stack,
    result: {
      project: "infrastructure",
      stack,
      component: "exchange",
      step: "none",
      outcome: "nothingDue",
      reason: "The certificate is young.",
      generations: [],
      before: ["1"],
      after: ["1"],
      ...changes,
    },
  };
}

const added = { step: "add", reason: "It is time.", generations: ["2"], after: ["1", "2"] } as const;

test("a summary, then what failed, then the stacks where something happened", () => {
  const stacks = [
    rotated("adatum"),
    rotated("contoso", { ...added, outcome: "done" }),
    { stack: "fabrikam", failure: { code: "EXO_AUTH_PULUMI", message: "No such key." } } as const,
    rotated("litware", { ...added, outcome: "planned" }),
    rotated("tailspin", { ...added, outcome: "toDo", toDo: "Supply a certificate." }),
    rotated("wingtip", { ...added, outcome: "failed" }),
  ];
  expect(stripVTControlCharacters(fleetRotateView({ stacks })).split("\n")).toEqual([
    "6 stacks: 2 failed, 1 to do by hand, 1 changed, 1 to be changed, 1 with nothing due",
    "",
    "✗ fabrikam: No such key.",
    "",
    "exchange, stack contoso",
    "It is time.",
    "✓ Done: add a generation: 2; generations 1 -> 1, 2",
    "",
    "exchange, stack litware",
    "It is time.",
    "- To be done: add a generation: 2; generations 1 -> 1, 2",
    "",
    "exchange, stack tailspin",
    "It is time.",
    "✗ To do by hand: add a generation: 2; generations 1 -> 1, 2",
    "Supply a certificate.",
    "",
    "exchange, stack wingtip",
    "It is time.",
    "✗ Not done: add a generation: 2. The current generation stays the same",
    "",
  ]);
});

test("no stack, nothing to tell", () => {
  expect(fleetRotateView({ stacks: [] })).toBe("0 stacks\n");
});

test.each([
  [[0, 7, 0], 7],
  [[7, 3], 3],
  [[3, 1], 1],
  [[1, 255], 255],
  [[], 0],
] as const)("the worst of %j is %i", (codes, worst) => {
  expect(worstExitCode(codes)).toBe(worst);
});

test.each([
  [
    ["--stack", "a"],
    "`fleet rotate` looks after many stacks. Name them with --stacks, and leave out --stack.",
  ],
  [
    ["--overlap", "5m"],
    '--overlap must be at least the 90 minutes that tokens live, got "5m". Give 90m or more. If a token lifetime policy lets tokens live longer, give more.',
  ],
])("%j is refused", async (args, message) => {
  expect(await makeCliFolder().run("fleet", "rotate", ...args)).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: `exo-auth fleet rotate: ${message}\n`,
  });
});
