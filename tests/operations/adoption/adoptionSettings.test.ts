import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adoptionSettings, ownDescriptions } from "../../../operations/adoption/adoptionSettings.ts";
import type { AdoptedSettings } from "../../../operations/adoption/declaration.ts";
import { makeCliFolder } from "../../cli/cliProcess.ts";

const settings: AdoptedSettings = {
  displayName: "Mail jobs",
  roles: ["Exchange Administrator"],
  expectedTenantId: "4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11",
};
const project = "name: mail\nruntime: nodejs\nconfig:\n  certificate: { type: object }\n";

/** A project whose stack "contoso" has this settings file. */
function folderWith(text: string, { yaml = project, stderr = "" } = {}) {
  const { path: cwd, env } = makeCliFolder({ stdout: {}, stderr });
  writeFileSync(join(cwd, "Pulumi.yaml"), yaml);
  const file = join(cwd, "Pulumi.contoso.yaml");
  writeFileSync(file, text);
  return { file, options: { stack: "org/mail/contoso", cwd, env, signal: new AbortController().signal } };
}

test("the settings that the file becomes; the file itself stays", async () => {
  const { file, options } = folderWith("encryptionsalt: v1:abc\n");
  const found = await adoptionSettings(settings, [], options);
  expect(found?.file.path).toBe(file);
  expect(found?.text).toBe(`encryptionsalt: v1:abc
config:
  mail:displayName: "Mail jobs"
  mail:roles:
    - "Exchange Administrator"
  mail:expectedTenantId: "4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11"
`);
  expect(readFileSync(file, "utf8")).toBe("encryptionsalt: v1:abc\n");
});

test("a file that has them already stays as it is", async () => {
  const first = folderWith("");
  const { text = "" } = (await adoptionSettings(settings, [], first.options)) ?? {};
  expect((await adoptionSettings(settings, [], folderWith(text).options))?.text).toBe(text);
});

test("what an earlier run wrote of a service stays while the service cannot be read", async () => {
  const rights = { exchangeRoleGroups: ["Help Desk"], complianceRoleGroups: ["Security Reader"] };
  const written =
    (await adoptionSettings({ ...settings, ...rights }, [], folderWith("").options))?.text ?? "";
  const blind = await adoptionSettings(
    settings,
    ["exchangeOnline", "securityAndCompliance"],
    folderWith(written).options,
  );
  expect(blind?.text).toBe(written);
  await expect(
    adoptionSettings(settings, ["exchangeOnline"], folderWith(written).options),
  ).rejects.toMatchObject({ message: expect.stringContaining("they set mail:complianceRoleGroups to") });
  const roles = `${written}  mail:exchangeRoles:\n    - role: Mail Recipients\n`;
  expect(
    (await adoptionSettings({ ...settings, ...rights }, ["exchangeOnline"], folderWith(roles).options))?.text,
  ).toBe(roles);
});

test("rights that no earlier run can have written are another application's", async () => {
  const text = "config:\n  mail:exchangeRoleGroups: [Organization Management]\n";
  await expect(
    adoptionSettings(settings, ["exchangeOnline"], folderWith(text).options),
  ).rejects.toMatchObject({ message: expect.stringContaining("they set mail:exchangeRoleGroups to") });
});

test("a file that describes another application", async () => {
  const { options } = folderWith(
    "config:\n  mail:displayName: Others\n  mail:notes: n\n  azuread:tenantId: t\n",
  );
  await expect(adoptionSettings(settings, [], options)).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message:
      "The stack's settings must describe this application or none, but they set mail:displayName, mail:notes to something else. Use a new stack (`pulumi stack init`), or remove these settings.",
  });
});

test("no role is a word, because an empty list is what a stack without that setting has", async () => {
  const found = await adoptionSettings({ ...settings, roles: [] }, [], folderWith("").options);
  expect(found?.text).toContain('  mail:roles:\n    - "none"\n');
});

test("settings that Pulumi Cloud keeps", async () => {
  const stderr = "warning: file exists but will be ignored because this stack uses remote config";
  await expect(adoptionSettings(settings, [], folderWith("", { stderr }).options)).rejects.toMatchObject({
    message:
      "Pulumi Cloud keeps the settings of this stack, so they cannot be written to a file. Use a stack with a settings file, or --code.",
  });
});

test("a program that takes nothing from settings has none", async () => {
  const { options } = folderWith("", { yaml: "name: own\nruntime: nodejs\n" });
  expect(await adoptionSettings({ ...settings, roles: [] }, [], options)).toBeUndefined();
  expect(await ownDescriptions(options)).toBe("exchange-auth own/contoso/");
});
