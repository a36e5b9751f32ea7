import { setTimeout } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";

import { checkedTogether } from "../../components/checkedTogether.ts";
import { ExchangeAppOnlyAuth } from "../../components/index.ts";
import { makeKeyPair, mockPulumi } from "./mocks.ts";
import { rejectionsOf } from "./rejections.ts";

const wrongCloud =
  '  - `cloud` must be a Microsoft cloud, got "mars". Use one of "global", "usGovernmentHigh", "usGovernmentDod", "china".';
const wrongDays =
  "  - `certificate.validityDays` must be a whole number of days from 1 to 730, got 0. Leave it out to use 364.";

function wrong(name: string): ExchangeAppOnlyAuth {
  return new ExchangeAppOnlyAuth(
    name,
    JSON.parse('{"cloud":"mars","certificate":{"validityDays":0}}') as object,
  );
}

describe("wrong arguments", () => {
  it("end the program with one error for all components, and no resource of any", async () => {
    const registered = await mockPulumi({ keyPair: makeKeyPair() });
    const errors = await rejectionsOf(() => {
      void new ExchangeAppOnlyAuth("right");
      const { appId } = wrong("one");
      appId.apply(() => {
        throw new Error("An output of a wrong component has a value.");
      });
      void new ExchangeAppOnlyAuth("two", { notes: "x".repeat(1025) });
    });
    expect(errors).toEqual([
      [
        'ExchangeAppOnlyAuth "one" has 2 problems, nothing was created:',
        wrongCloud,
        wrongDays,
        'ExchangeAppOnlyAuth "two" has one problem, nothing was created:',
        "  - `notes` must be a text of at most 1024 characters, got 1025. Shorten it.",
      ].join("\n"),
    ]);
    expect(registered).toEqual([]);
  });

  it("of a component that comes after the program has waited leave the first ones alone", async () => {
    const registered = await mockPulumi({ keyPair: makeKeyPair() });
    const errors = await rejectionsOf(async () => {
      void new ExchangeAppOnlyAuth("first");
      await setTimeout(5);
      void wrong("later");
    });
    expect(errors).toEqual([
      ['ExchangeAppOnlyAuth "later" has 2 problems, nothing was created:', wrongCloud, wrongDays].join("\n"),
    ]);
    expect(registered.map(({ name }) => name)).toContain("first-cert-1-key-id");
    expect(registered.filter(({ name }) => name.startsWith("later"))).toEqual([]);
  });
});

it("what waits is told by the same error, which the SDK shows without its stack", async () => {
  await mockPulumi();
  const rounds = await Promise.allSettled([
    checkedTogether({ subject: "A", problems: [] }),
    checkedTogether({ subject: "B", problems: ["`b` is wrong."] }),
  ]);
  const [one, two] = rounds.map((round): unknown => (round.status === "rejected" ? round.reason : undefined));
  expect(one).toBe(two);
  expect(pulumi.ResourceError.isInstance(one) && [one.hideStack, one.message]).toEqual([
    true,
    "B has one problem, nothing was created:\n  - `b` is wrong.",
  ]);
  expect(await checkedTogether({ subject: "A", problems: [] })).toEqual([]);
});

it("programs of one process do not see each other's problems", async () => {
  await mockPulumi();
  const first = checkedTogether({ subject: "A", problems: ["`a` is wrong."] });
  await Promise.all([
    expect(first).rejects.toThrow("A has one problem"),
    mockPulumi().then(async () => expect(await checkedTogether({ subject: "B", problems: [] })).toEqual([])),
  ]);
});
