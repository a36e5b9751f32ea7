import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";

import {
  type ExchangeAppOnlyAuthArgs,
  resolveArguments,
} from "../../components/arguments/resolveArguments.ts";
import { configuredArguments } from "../../components/configuration.ts";
import { mockPulumi } from "./mocks.ts";

/** What a program reads, of the project `exchange-auth` where no other is named; or the error's text. */
async function read(config: Record<string, string>, project?: string): Promise<unknown> {
  await mockPulumi({}, config, false, project);
  try {
    return configuredArguments();
  } catch (error) {
    return pulumi.ResourceError.isInstance(error) && error.hideStack ? error.message : error;
  }
}

const tenant = "0d3a1b7e-5a0c-4c0e-8d5f-2f1c6b9a7e11";

function refusal(keys: readonly string[], ...others: readonly string[]): string {
  const [verb, them, they] = keys.length > 1 ? ["have", "them", "they are"] : ["has", "it", "it is"];
  const problem = `  - ${keys.map((key) => `\`${key}\``).join(", ")} ${verb} no effect: this project reads the namespace "exchange-auth". Rename ${them} in the stack's settings file. If ${they} meant for another program, set \`exchange-auth:roles\`.`;
  const count = others.length === 0 ? "one problem" : `${others.length + 1} problems`;
  return [`The stack's configuration has ${count}, nothing was created:`, problem, ...others].join("\n");
}

describe("refuses settings that would have no effect", () => {
  it("after a project was renamed (pulumi/docs#16958)", async () => {
    const config = {
      "m365:roles": '["Global Reader"]',
      "m365:expectedTenantId": tenant,
      "m365:certificate": '{"generations":[{"name":"3"}],"validityDays":90}',
    };
    expect(await read(config)).toBe(refusal(Object.keys(config)));
  });

  it.each<[string, Record<string, string>]>([
    ["a mistyped namespace with roles alone", { "exchangeauth:roles": '["Global Reader"]' }],
    ["roles of Exchange under any namespace", { "mail:roles": '["global reader"]' }],
    ["roles by template ID", { "mail:roles": '["f2ef992c-3afb-46b9-b7cf-a126ee74c451"]' }],
    ["a key that only this component has", { "m365:allowGlobalAdministrator": "true" }],
    ["one that was set without --path", { "m365:apiPermissions[0].resource": "MicrosoftGraph" }],
    [
      "a role of Exchange beside another one",
      { "mail:roles[0]": "Global Reader", "mail:roles[1]": "editor" },
    ],
    ["role groups of Exchange alone", { "m365:exchangeRoleGroups": '["View-Only Recipients"]' }],
    ["roles of Exchange alone", { "m365:exchangeRoles": '[{"role":"Mail Recipients"}]' }],
    ["role groups of Security & Compliance alone", { "m365:complianceRoleGroups": '["Security Reader"]' }],
    ["roles with an end alone", { "m365:timedRoles": '[{"role":"Global Reader","until":"2027-01-31"}]' }],
    [
      "generations alone, as `rotate` writes them into a stack with defaults",
      { "m365:certificate": '{"generations":[{"name":"3"}]}' },
    ],
    ["a generation that was set without --path", { "m365:certificate.generations[0].name": "3" }],
    ["a mistyped namespace with one setting", { "exchange-aut:tags": '["a"]' }],
  ])("%s", async (_, config) => {
    expect(await read(config)).toBe(refusal(Object.keys(config)));
  });

  it("this package's own namespace in a project of another name", async () => {
    expect(await read({ "exchange-auth:displayName": "Jobs" }, "contoso-mail")).toBe(
      refusal(["exchange-auth:displayName"]).replaceAll(
        /namespace "exchange-auth"|`exchange-auth:roles`/g,
        (text) => text.replace("exchange-auth", "contoso-mail"),
      ),
    );
  });

  it("where other settings stand in the right place, and names their problems at once", async () => {
    expect(
      await read({
        "m365:roles": '["Global Reader"]',
        "exchange-auth:validityDays": "3",
        "exchange-auth:tags": "[]",
      }),
    ).toBe(
      refusal(
        ["m365:roles"],
        `  - \`validityDays\` is not an argument. Did you mean "certificate.validityDays"? Remove it with \`pulumi config rm 'validityDays'\`, and set it with \`pulumi config set --path 'certificate.validityDays' VALUE\`.`,
      ),
    );
  });

  it("under declared defaults, which are not set", async () => {
    const config = {
      "exchange-auth:roles": "[]",
      "exchange-auth:securityAndCompliance": "true",
      "m365:owners": "[]",
      "m365:tags": "[]",
    };
    expect(await read(config)).toBe(refusal(["m365:owners", "m365:tags"]));
  });
});

describe("takes", () => {
  it.each<[string, Record<string, string>]>([
    ["nothing", {}],
    ["Pulumi's own keys", { "pulumi:tags": "{}", "pulumi:roles": '["Global Reader"]' }],
    ["a provider's", { "azuread:tenantId": tenant, "azuread:roles": "[]", "azuread:tags": "[]" }],
    ["one key of another program that others have too", { "shared:tags": '["a"]', "shared:region": "x" }],
    ["single keys of several programs", { "first:tags": '["a"]', "second:owners": "[]" }],
    ["a text of another program that names a role", { "shared:notes": "For the Global Reader" }],
    ["another program's certificate", { "shared:certificate": '{"arn":"x"}' }],
    ["another program's roles", { "shared:roles": '["editor"]' }],
  ])("%s", async (_, config) => {
    expect(await read(config)).toEqual({});
  });

  it("another program's settings where the own roles are set", async () => {
    const config = {
      "exchange-auth:roles": '["Global Reader"]',
      "m365:roles": "[]",
      "m365:expectedTenantId": tenant,
    };
    expect(await read(config)).toEqual({ roles: ["Global Reader"] });
  });
});

it("what PowerShell made of a list in JSON is told as a text (pulumi/docs#2062)", async () => {
  const args = await read({ "exchange-auth:roles": "[Global Reader]" });
  expect(resolveArguments(args as ExchangeAppOnlyAuthArgs).problems).toEqual([
    '`roles` must be a list, got "[Global Reader]". Give ["Exchange Administrator"], or leave it out.',
  ]);
});

it("passes on what has another form, so that the component names it", async () => {
  expect(
    await read({
      "exchange-auth:roles": "Global Reader",
      "exchange-auth:allowGlobalAdministrator": "yes",
      "exchange-auth:securityAndCompliance": "false",
      "exchange-auth:notes": "7",
      "exchange-auth:certificate": "{broken",
    }),
  ).toEqual({
    roles: "Global Reader",
    allowGlobalAdministrator: "yes",
    securityAndCompliance: false,
    notes: "7",
    certificate: "{broken",
  });
});
