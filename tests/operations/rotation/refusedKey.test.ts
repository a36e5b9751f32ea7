import { expect, test } from "vitest";
import { type KeyAnswer, keyAnswerOf, proveRefusal } from "../../../operations/rotation/refusedKey.ts";

const refused: KeyAnswer = { answer: "refused" };
const accepted: KeyAnswer = { answer: "accepted" };
const unclear: KeyAnswer = { answer: "unclear", reason: "AADSTS53003: blocked" };

/** Plays answers one after the other, the last for ever. */
async function prove(answers: readonly KeyAnswer[], waitMs: number) {
  const pauses: number[] = [];
  const left = [...answers];
  const proof = await proveRefusal(async () => (left.length > 1 ? left.shift()! : left[0]!), {
    waitMs,
    pause: async (milliseconds) => void pauses.push(milliseconds),
    progress: () => undefined,
  });
  return { proof, pauses };
}

test.each([
  [700027, "AADSTS700027: The certificate … [Reason - The key was not found., Thumbprint …]", "refused"],
  [7000214, "AADSTS7000214: words", "refused"],
  [700027, "AADSTS700027: … [Reason - The key used is expired., Thumbprint …]", "unclear"],
  [700027, "AADSTS700027: … use of the key to verify the signature failed.", "unclear"],
  [7000112, "AADSTS7000112: Application is disabled.", "unclear"],
  [700016, "AADSTS700016: Application was not found in the directory.", "unclear"],
  [53003, "AADSTS53003: blocked by Conditional Access", "unclear"],
  [undefined, "getaddrinfo ENOTFOUND", "unclear"],
] as const)("AADSTS%s %s: %s", (aadsts, message, answer) => {
  expect(keyAnswerOf({ message, ...(aadsts === undefined ? {} : { aadsts }) }).answer).toBe(answer);
});

test("three refusals in a row are the proof, even where there is no time", async () => {
  expect(await prove([refused], 0)).toEqual({
    proof: { answer: "refused", attempts: 3 },
    pauses: [1000, 1000],
  });
});

test("a server that still accepts it begins the count anew", async () => {
  const { proof } = await prove([refused, refused, accepted, refused], 60_000);
  expect(proof).toEqual({ answer: "refused", attempts: 6 });
});

test("accepted until the time is over", async () => {
  expect(await prove([accepted], 20_000)).toEqual({
    proof: { answer: "accepted", attempts: 5 },
    pauses: [2000, 4000, 8000, 6000],
  });
});

test("another reason proves nothing, and is told", async () => {
  expect((await prove([refused, refused, unclear], 0)).proof).toEqual({
    answer: "unclear",
    attempts: 3,
    reason: "AADSTS53003: blocked",
  });
});
