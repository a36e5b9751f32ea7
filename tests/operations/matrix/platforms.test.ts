import { expect, test } from "vitest";

import { matrixFor } from "../../../operations/matrix/platforms.ts";
import { shardsOf } from "../../../operations/matrix/shards.ts";

const three = shardsOf(["contoso", "default", "acme/fabrikam"]);
const two = shardsOf(["contoso", "fabrikam", "tailspin"], 2);

test("GitHub: combinations to include", () => {
  expect(matrixFor("github", two)).toEqual({
    include: [
      { name: "1/2", stacks: "contoso" },
      { name: "2/2", stacks: "fabrikam tailspin" },
    ],
  });
});

test("Azure: legs by names of letters, digits and underscores", () => {
  expect(matrixFor("azure", two)).toEqual({
    stack_1_of_2: { stacks: "contoso" },
    stack_2_of_2: { stacks: "fabrikam tailspin" },
  });
  expect(matrixFor("azure", three)).toEqual({
    stack_acme_fabrikam: { stacks: "acme/fabrikam" },
    stack_contoso: { stacks: "contoso" },
    stack_default: { stacks: "default" },
  });
});

test("Azure: only a name that is two numbers counts jobs", () => {
  const names = ["10/20", "1/2x", "x1/2"];
  expect(
    Object.keys(
      matrixFor(
        "azure",
        names.map((name) => ({ name, stacks: [] })),
      ),
    ),
  ).toEqual(["stack_10_of_20", "stack_1_2x", "stack_x1_2"]);
});

test("Azure: names that become the same stay apart, and none is longer than 100 characters", () => {
  const long = "x".repeat(120);
  const legs = matrixFor("azure", shardsOf(["a-b", "a.b", "a_b", "A_B", `${long}1`, `${long}2`]));
  expect(Object.values(legs).map((leg) => (leg as { stacks: string }).stacks)).toEqual(
    ["A_B", "a-b", "a.b", "a_b", `${long}1`, `${long}2`].toSorted(),
  );
  const names = Object.keys(legs);
  expect(names).toContain("stack_a_b_3");
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(6);
  for (const name of names) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]{0,99}$/);
});

test("GitLab: jobs of a child pipeline, none named as a keyword", () => {
  expect(matrixFor("gitlab", three)).toEqual({
    "stacks acme/fabrikam": { extends: ".stacks", variables: { STACKS: "acme/fabrikam" } },
    "stacks contoso": { extends: ".stacks", variables: { STACKS: "contoso" } },
    "stacks default": { extends: ".stacks", variables: { STACKS: "default" } },
  });
  expect(matrixFor("gitlab", two)).toEqual({
    "stacks 1/2": { extends: ".stacks", variables: { STACKS: "contoso" } },
    "stacks 2/2": { extends: ".stacks", variables: { STACKS: "fabrikam tailspin" } },
  });
});
