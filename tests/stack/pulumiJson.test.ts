import { expect, test } from "vitest";
import { exportState } from "../../stack/exportedState.ts";
import { pulumiJson } from "../../stack/pulumiJson.ts";
import { makeCliFolder } from "../cli/cliProcess.ts";
import { exportedComponent, exportOf } from "./exportedState.ts";

const checksum =
  "SDK 2026/06/16 15:59:16 WARN Response has no supported checksum. Not validating response payload.";
const update = `warning: A new version of Pulumi is available. To upgrade from version '1.12.0' to '1.12.1', run
   $ brew upgrade pulumi
or visit https://pulumi.com/docs/reference/install/ for manual instructions and release notes.`;
const document = { a: [{ b: "{" }], c: "]\n}" };

test.each([
  ["before it (pulumi/pulumi#23594)", `${checksum}\n`, ""],
  ["after it (pulumi/pulumi#4082)", "", `\n${update}\n`],
  ["on both sides, with brackets", `[resource plugin azuread-6.9.1] installing\n{not JSON\n`, "\n[done]\n"],
])("what others print %s is passed over", (_, before, after) => {
  for (const text of [JSON.stringify(document), JSON.stringify(document, null, 2)])
    expect(pulumiJson("stack ls", `${before}${text}${after}`)).toEqual(document);
});

test("a state is read through it", async () => {
  const printed = JSON.stringify(exportOf(exportedComponent("s", "p", "exchange")), null, 4);
  const { env, path: cwd } = makeCliFolder({ stdout: `${checksum}\n${printed}` });
  const { stack } = await exportState({ cwd, env, signal: new AbortController().signal });
  expect(stack).toBe("s");
});

test.each(["", "no JSON", "[1", '{"a":'])("%j is told as Pulumi's, in words that cannot act", (printed) => {
  expect(() => pulumiJson("stack ls", `\u001b${printed}`)).toThrow(
    expect.objectContaining({
      code: "EXO_AUTH_PULUMI",
      message: `\`pulumi stack ls\` printed no JSON: "\\u{1b}${printed}". Run it by hand, and find out which other program prints.`,
    }),
  );
});
