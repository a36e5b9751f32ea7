import { expect, test } from "vitest";
import { parse } from "yaml";
import { differentSettings, settingsOfNamespace, withSettings } from "../../stack/settingsValues.ts";

const text = `# Of the mail team.
encryptionsalt: v1:abc
config:
  azuread:tenantId: t # stays
  exchange-auth:displayName: Mail jobs
`;

test("settings join the file, in quotes, and everything else stays", () => {
  const written = withSettings(text, {
    "exchange-auth:displayName": "2026-11-27",
    "exchange-auth:roles": ["Global Reader"],
    "exchange-auth:securityAndCompliance": false,
  });
  expect(written).toBe(`# Of the mail team.
encryptionsalt: v1:abc
config:
  azuread:tenantId: t # stays
  exchange-auth:displayName: "2026-11-27"
  exchange-auth:roles:
    - "Global Reader"
  exchange-auth:securityAndCompliance: false
`);
});

test("a file without settings gets them", () => {
  expect(parse(withSettings("", { "p:roles": ["Global Reader"] }))).toEqual({
    config: { "p:roles": ["Global Reader"] },
  });
});

test("a setting is different where the file gives it another value", () => {
  const values = { "exchange-auth:displayName": "Mail jobs", "exchange-auth:notes": "n" };
  expect(differentSettings(text, values)).toEqual([]);
  expect(differentSettings(text, { ...values, "exchange-auth:displayName": "Others" })).toEqual([
    "exchange-auth:displayName",
  ]);
  expect(differentSettings("config:\n  p:roles:\n    - a\n", { "p:roles": ["a"] })).toEqual([]);
  expect(differentSettings("config:\n  p:roles:\n    - a\n", { "p:roles": ["b"] })).toEqual(["p:roles"]);
});

test("the settings of one namespace alone", () => {
  expect(settingsOfNamespace(text, "exchange-auth")).toEqual(["exchange-auth:displayName"]);
  expect(settingsOfNamespace("", "exchange-auth")).toEqual([]);
});
