import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rights } from "../../operations/preflight/rights.ts";

const page = readFileSync("docs/deployer.md", "utf8");
const program = readFileSync("examples/deployer/index.ts", "utf8");
const catalogue = JSON.parse(readFileSync("sandbox/tenant/catalogue/graphAppRoles.json", "utf8")) as Record<
  string,
  [id: string, title: string]
>;

test("the page gives each permission its own id", () => {
  const rows = [...page.matchAll(/^\| `([\w.]+)` +\| `([0-9a-f-]{36})` /gm)];
  const found = rows.map(([, permission = "", id]) => [permission, id]);
  expect(found.length).toBe(6);
  expect(found).toEqual(found.map(([permission = ""]) => [permission, catalogue[permission]?.[0]]));
});

test("page, program and preflight name the same rights", () => {
  const needed = rights.filter(({ lookup }) => lookup === undefined).map(({ permission }) => permission);
  const [, list = ""] = /const permissions = \[([^]*?)\];/.exec(program) ?? [];
  const inProgram = [...list.matchAll(/"(\w+\.[\w.]+)"/g)].map(([, permission]) => permission);
  const byHand = [...page.matchAll(/([0-9a-f-]{36})=Role/g)].map(([, id]) => id);
  expect(new Set(inProgram)).toEqual(new Set(needed));
  expect(new Set(byHand)).toEqual(new Set(needed.map((permission) => catalogue[permission]?.[0])));
});
