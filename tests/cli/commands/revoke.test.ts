import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { revokeExitCode } from "../../../cli/commands/revoke.ts";
import type { RevokeResult } from "../../../operations/rotation/revoke.ts";
import { revokeView } from "../../../cli/views/revokeView.ts";

const result: RevokeResult = {
  project: "exchange-auth",
  stack: "contoso",
  component: "exchange",
  generation: "1",
  thumbprint: "A1",
  keyId: "key",
  revoked: true,
  current: "2",
  tokensEnd: "2026-11-23T11:00:00Z",
};

function text(changes: Partial<RevokeResult>): readonly string[] {
  return stripVTControlCharacters(revokeView({ ...result, ...changes }))
    .trimEnd()
    .split("\n");
}

test("what was revoked, what is current, and what stays valid for an hour", () => {
  expect(text({})).toEqual([
    "exchange, stack contoso",
    "✓ Revoked: generation 1, certificate A1",
    "✓ The current generation is 2",
    "Entra takes minutes to forget it everywhere, and tokens that were got with it before stay valid until about 2026-11-23T11:00:00Z: nothing recalls them. Look into the sign-in log for what was done with it.",
  ]);
  expect(revokeExitCode(result)).toBe(0);
});

test("what is still valid, and what people have to do", () => {
  const { tokensEnd: _, ...rest } = result;
  const toDo = { ...rest, revoked: false, current: "1", toDo: "Make a new one." };
  expect(stripVTControlCharacters(revokeView(toDo)).trimEnd().split("\n")).toEqual([
    "exchange, stack contoso",
    "✗ Not revoked, still valid: generation 1, certificate A1",
    "Make a new one.",
  ]);
  expect(revokeExitCode(toDo)).toBe(7);
});
