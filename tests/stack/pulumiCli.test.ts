import { expect, test } from "vitest";
import { failureExitCode } from "../../cli/exitCodes.ts";
import { pulumiFailure, withoutPlugins } from "../../stack/pulumiCli.ts";

test.each([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 3],
  [255, 1],
  [null, 1],
])(
  "Pulumi's exit code %s becomes %i: a failure never ends with 0, and a fault of Pulumi is none of ours",
  (got, exitCode) => {
    const error = pulumiFailure(["preview", "--json"], { exitCode: got, output: "", errors: "" });
    expect([error.code, failureExitCode(error), error.message]).toEqual([
      "EXO_AUTH_PULUMI",
      exitCode,
      "`pulumi preview` failed: no reason given",
    ]);
  },
);

test("names the command as somebody would type it, without the options that only Pulumi's answers need", () => {
  const failed = { exitCode: 1, output: "", errors: "error: no\n" };
  const { message } = pulumiFailure(["preview", "--json"], failed, { stack: "contoso" });
  expect(message).toBe("`pulumi preview --stack contoso` failed: no");
});

test("a command without plugins collects garbage later, unless the environment says when", () => {
  const { signal } = new AbortController();
  expect(withoutPlugins({ env: { PATH: "/bin" }, signal }).env).toEqual({ PATH: "/bin", GOGC: "400" });
  expect(withoutPlugins({ env: { GOGC: "50" }, signal }).env).toEqual({ GOGC: "50" });
});
