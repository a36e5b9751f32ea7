import { expect, test } from "vitest";
import { adoptedFederatedCredentials } from "../../../operations/adoption/adoptedFederatedCredentials.ts";
import { declarationOf } from "../../../operations/adoption/declaration.ts";
import type { Cloud } from "../../../microsoft/clouds.ts";
import { foundApplication } from "./foundApplication.ts";

const audience = "api://AzureADTokenExchange";
const github = {
  id: "f",
  name: "github-production",
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso@1/jobs@2:environment:production",
  audiences: [audience],
};

function adopted(credential: object, cloud: Cloud = "global") {
  return adoptedFederatedCredentials({ federatedCredentials: [{ ...github, ...credential }] }, cloud);
}

const { id: _, audiences: __, ...plain } = github;

test.each<[string, object, Cloud, object]>([
  ["as it is", {}, "global", plain],
  ["with another audience", { audiences: ["contoso"] }, "global", { ...plain, audience: "contoso" }],
  ["with the audience of its cloud", { audiences: ["api://AzureADTokenExchangeChina"] }, "china", plain],
  [
    "with a subject that every branch can get",
    { subject: "repo:contoso@1/jobs@2:pull_request" },
    "global",
    { ...plain, subject: "repo:contoso@1/jobs@2:pull_request", allowWideSubject: true },
  ],
])("is declared %s", (_title, credential, cloud, declared) => {
  expect(adopted(credential, cloud)).toEqual({ declared: [declared], undeclared: [] });
});

test.each<[string, object, string]>([
  [
    "an expression",
    { subject: null, claimsMatchingExpression: { value: "claims['sub'] matches 'repo:*'" } },
    "an expression",
  ],
  [
    "an expression beside a subject",
    { claimsMatchingExpression: { value: "claims['sub'] matches 'repo:*'" } },
    github.subject,
  ],
  ["two audiences", { audiences: [audience, "contoso"] }, github.subject],
  ["no audience", { audiences: [] }, github.subject],
  ["the audience of another cloud", { audiences: ["api://AzureADTokenExchangeChina"] }, github.subject],
])("%s cannot be declared, and is shown", (_title, credential, subject) => {
  expect(adopted(credential)).toEqual({
    declared: [],
    undeclared: [
      {
        title: `federated credential "github-production" for ${subject} of https://token.actions.githubusercontent.com, which the component cannot declare as it is`,
        choice: "accept it in .exo-auth, or replace it by one of `federatedCredentials`, and remove it",
      },
    ],
  });
});

test("an application without a certificate gets none, and one with nothing to sign in with gets one", () => {
  const options = { cloud: "global", tenantId: "tenant", isExisting: false, now: new Date() } as const;
  const keyless = declarationOf(foundApplication({ federatedCredentials: [github] }), options);
  expect(keyless.settings).toMatchObject({ certificate: { generations: [] }, federatedCredentials: [plain] });
  expect(keyless.additions).toEqual(["the permission Exchange.ManageAsApp of Office 365 Exchange Online"]);
  const bare = declarationOf(foundApplication(), options);
  expect(bare.settings).not.toHaveProperty("certificate");
  expect(bare.additions).toContain("a new certificate, whose key Pulumi creates");
});
