import { expect, test } from "vitest";

import { rules } from "../../policy/rules.ts";
import { blocksOf, read } from "../docs/pages.ts";

const page = "docs/policies.md";

test("the page's table has every rule with its source, its level and its settings", () => {
  const rows = read(page)
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toEqual(
    rules.map(({ name, description, source, level, settings = {} }) => [
      `\`${name}\``,
      description,
      `[${source.title}](${source.url})`,
      level,
      Object.entries(settings)
        .map(([setting, { default: byDefault }]) => {
          const value = Array.isArray(byDefault) ? byDefault.join(", ") || "none" : String(byDefault);
          return `\`${setting}\`: ${value}`;
        })
        .join("; "),
    ]),
  );
});

test("the page's configuration names rules and settings that exist", () => {
  const block = blocksOf(page).find(({ language }) => language === "json");
  const configuration = JSON.parse(block?.text ?? "") as Record<string, string | Record<string, unknown>>;
  const wrong = Object.entries(configuration).flatMap(([name, settings]) => {
    const rule = rules.find((one) => one.name === name);
    if (rule === undefined) return [name];
    if (typeof settings === "string")
      return /^(advisory|mandatory|disabled)$/.test(settings) ? [] : [settings];
    const known = new Set(["enforcementLevel", "exceptions", ...Object.keys(rule.settings ?? {})]);
    return Object.keys(settings).filter((setting) => !known.has(setting));
  });
  expect({ count: Object.keys(configuration).length, wrong }).toEqual({ count: 6, wrong: [] });
});
