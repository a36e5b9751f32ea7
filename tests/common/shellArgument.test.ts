import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellArgument } from "../../common/shellArgument.ts";

test.each([
  ["urn:pulumi:s::p::a$b:c/d:E::name with `id` and $(id)", undefined],
  ["a'; id; '", "URN"],
  ["a\u2019; id; \u2018", "URN"],
  ["a\nid", "URN"],
])("%j is one argument, or a placeholder", (text, placeholder) => {
  const argument = shellArgument(text, "URN");
  expect(argument).toBe(`'${placeholder ?? text}'`);
  expect(execFileSync("sh", ["-c", `printf %s ${argument}`], { encoding: "utf8" })).toBe(placeholder ?? text);
});
