import { expect, test } from "vitest";
import { adoptCommand } from "../../../cli/commands/adopt.ts";

function run(values: Readonly<Record<string, string>>) {
  return adoptCommand.run(values, {
    env: {},
    signal: new AbortController().signal,
    operand: "",
    progress: () => undefined,
    isTerminal: false,
  });
}

test("an application is named by its client ID", async () => {
  await expect(run({})).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message: "--app-id must be a GUID, got nothing. `exo-auth discover` lists the applications.",
  });
  await expect(run({ "app-id": "Mail jobs" })).rejects.toMatchObject({
    message: '--app-id must be a GUID, got "Mail jobs". `exo-auth discover` lists the applications.',
  });
});
