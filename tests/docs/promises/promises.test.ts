import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { pages, root } from "../pages.ts";
import { promises, withoutPromises } from "./promises.ts";
import type { Proof } from "./proof.ts";

it("has every page that people read, and no other", () => {
  expect([...Object.keys(promises), ...Object.keys(withoutPromises)].toSorted()).toEqual(pages);
});

describe.each(Object.entries(promises))("%s", (_, entries) => {
  it("promises something", () => {
    expect(Object.keys(entries).length).toBeGreaterThan(0);
  });

  it("is proved by tests that exist", () => {
    expect(Object.entries(entries).flatMap(([id, proof]) => problemOf(id, proof))).toEqual([]);
  });
});

/** Titles are looked for as they are written in the sources. */
function problemOf(id: string, proof: Proof): readonly string[] {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) return [`${id} must be words with hyphens between them`];
  if ("unproved" in proof) return proof.unproved === "" ? [`${id} must say why it is not proved`] : [];
  const [file, title] = proof;
  const source = path.join(root, "tests", file);
  if (!existsSync(source)) return [`${id}: there is no tests/${file}`];
  const text = readFileSync(source, "utf8");
  return text.includes(`"${title}"`) ? [] : [`${id}: tests/${file} has no test "${title}"`];
}
