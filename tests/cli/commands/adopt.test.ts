import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { adoptCommand } from "../../../cli/commands/adopt.ts";
import { adoptView } from "../../../cli/views/adoptView.ts";

function run(values: Readonly<Record<string, string>>) {
  return adoptCommand.run(values, {
    env: {},
    signal: new AbortController().signal,
    operand: "",
    progress: () => undefined,
    isTerminal: false,
  });
}

test("an application is named by its client ID", async () => {
  await expect(run({})).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message: "--app-id must be a GUID, got nothing. `exo-auth discover` lists the applications.",
  });
  await expect(run({ "app-id": "Mail jobs" })).rejects.toMatchObject({
    message: '--app-id must be a GUID, got "Mail jobs". `exo-auth discover` lists the applications.',
  });
});

test("what counts as declared from then on is listed before anything is written, owners and whom it trusts too", () => {
  const result = {
    appId: "app-1",
    displayName: "Mail jobs",
    adopted: false,
    settingsFile: "Pulumi.contoso.yaml",
    settings: {
      roles: [],
      owners: ["owner-1"],
      federatedCredentials: [
        { name: "job", issuer: "https://issuer.example.com", subject: "system:serviceaccount:mail:reports" },
        {
          name: "any",
          issuer: "https://token.actions.githubusercontent.com",
          subject: "repo:contoso@1/jobs@2:pull_request",
          allowWideSubject: true as const,
        },
      ],
      expectedTenantId: "tenant-1",
    },
    losses: [],
    additions: [],
    undeclared: [],
    imports: [{ urn: "urn", id: "key-1", title: "certificate key-1 as exchange-cert-adopted-1" }],
    importFile: { nameTable: {}, resources: [] },
    notRead: [],
  };
  expect(stripVTControlCharacters(adoptView(result)).split("\n")).toEqual([
    "Mail jobs, application ID app-1",
    "- would write the settings in Pulumi.contoso.yaml",
    "- would import certificate key-1 as exchange-cert-adopted-1",
    "- would declare the owner with the object ID owner-1",
    '- would declare that the federated credential "job" trusts "system:serviceaccount:mail:reports" of https://issuer.example.com',
    '✗ would declare that the federated credential "any" trusts "repo:contoso@1/jobs@2:pull_request" of https://token.actions.githubusercontent.com, a subject that jobs of more than one branch or environment can get',
    "",
    "Nothing was changed. Imported certificates, federated credentials and owners count as declared, and `exo-auth audit` no longer reports them. If each of them is yours, run the same command with --yes.",
    "",
  ]);
});
