import { expect, test } from "vitest";
import { declaredGenerations } from "../../../operations/rotation/declaredGenerations.ts";

test("reads names as the component does", () => {
  const generations = [
    { name: 2 },
    { name: "2026-11-27 00:00:00 +0000 UTC" },
    { name: "vault", publicCertificate: "x" },
  ];
  expect(declaredGenerations({ generations })).toEqual([
    { name: "2", supplied: false },
    { name: "2026-11-27", supplied: false },
    { name: "vault", supplied: true },
  ]);
});

test.each([[{ generations: [{ name: true }] }], [{ generations: "x" }], [7]])("%j is none", (certificate) => {
  expect(declaredGenerations(certificate)).toBeUndefined();
});

test("the default is generation 1", () => {
  expect(declaredGenerations(undefined)).toEqual([{ name: "1", supplied: false }]);
});
