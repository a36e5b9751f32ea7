import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";

import { resolveArguments } from "../../../components/arguments/resolveArguments.ts";

const half = "\uD83D";
const output = pulumi.output("later");

it.each<[object, object]>([
  [{ displayName: "x".repeat(256) }, { displayName: "x".repeat(256) }],
  [{ displayName: output }, { displayName: output }],
  [{}, { displayName: "Exchange Online automation", notes: undefined, tags: undefined, owners: undefined }],
  [{ notes: "" }, { notes: "" }],
  [{ notes: "x".repeat(1024) }, { notes: "x".repeat(1024) }],
  [{ notes: output }, { notes: output }],
  [{ tags: [] }, { tags: [] }],
  [{ tags: ["a", output, output] }, { tags: ["a", output, output] }],
  [{ tags: [7] }, { tags: ["7"] }],
  [{ owners: [output] }, { owners: [output] }],
])("takes %j", (args, expected) => {
  const { settings, problems } = resolveArguments(args);
  expect(problems).toEqual([]);
  expect(settings).toMatchObject(expected);
});

it.each<[object, readonly string[]]>([
  [
    { displayName: 7 },
    [
      '`displayName` must be a text of 1 to 256 characters, got 7. Leave it out to use "Exchange Online automation".',
    ],
  ],
  [
    { displayName: `a${half}` },
    [
      '`displayName` must be a text of 1 to 256 characters, got "a\\ud83d". Leave it out to use "Exchange Online automation".',
    ],
  ],
  [
    { displayName: " ".repeat(256) },
    [
      expect.stringMatching(
        /^`displayName` must be a text of 1 to 256 characters, got " {20,}.*Leave it out to use /,
      ),
    ],
  ],
  [{ notes: half }, ['`notes` must be a text of at most 1024 characters, got "\\ud83d". Shorten it.']],
  [{ tags: [half] }, ['`tags[0]` must be a text, got "\\ud83d". Give one such as "automation".']],
  [
    { owners: [7] },
    [
      '`owners[0]` must be an object ID, got "7". Give the GUID of a user or service principal, as Entra shows it.',
    ],
  ],
  [
    { owners: ["x", "x"] },
    [
      '`owners[0]` must be an object ID, got "x". Give the GUID of a user or service principal, as Entra shows it.',
      '`owners[1]` must be an object ID, got "x". Give the GUID of a user or service principal, as Entra shows it.',
    ],
  ],
])("refuses %j", (args, problems) => {
  expect(resolveArguments(args).problems).toEqual(problems);
});

it("fills in the default name for one that it refuses", () => {
  const { settings } = resolveArguments(JSON.parse('{"displayName":"","notes":7,"tags":"a"}') as object);
  expect(settings).toMatchObject({
    displayName: "Exchange Online automation",
    notes: undefined,
    tags: undefined,
  });
});
