import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";

import { childTypes } from "../../common/typeTokens.ts";
import { ExchangeAppOnlyAuth, type ExchangeAppOnlyAuthArgs } from "../../components/index.ts";
import { outputsOf } from "../../components/outputs.ts";
import { makeKeyPair, mockPulumi, tenantDomain, valueOf } from "./mocks.ts";

async function create(args: ExchangeAppOnlyAuthArgs) {
  const registered = await mockPulumi({ keyPair: makeKeyPair() });
  const component = new ExchangeAppOnlyAuth("exchange", args);
  await pulumi.runtime.disconnect();
  return { component, registered };
}

test("federatedCredentials become one resource each, on the application", async () => {
  const { registered } = await create({
    federatedCredentials: [
      { name: "cluster", issuer: "https://oidc.contoso.com/", subject: "system:serviceaccount:a:b" },
      {
        name: "github-Production",
        github: { repository: "contoso/mail", ownerId: "1", repositoryId: "2", environment: "production" },
      },
    ],
  });
  const audiences = ["api://AzureADTokenExchange"];
  const applicationId = "exchange-id";
  expect(
    registered
      .filter(({ type }) => type === childTypes.federatedCredential)
      .map(({ name, inputs }) => [name, inputs]),
  ).toEqual([
    [
      "exchange-federated-cluster",
      {
        applicationId,
        audiences,
        displayName: "cluster",
        issuer: "https://oidc.contoso.com/",
        subject: "system:serviceaccount:a:b",
      },
    ],
    [
      "exchange-federated-github-Production",
      {
        applicationId,
        audiences,
        displayName: "github-Production",
        issuer: "https://token.actions.githubusercontent.com",
        subject: "repo:contoso@1/mail@2:environment:production",
      },
    ],
  ]);
});

test("certificate.generations: [] makes no key, no certificate and nothing random but the marker", async () => {
  const { registered, component } = await create({
    roles: ["Global Reader"],
    certificate: { generations: [] },
    federatedCredentials: [{ name: "job", issuer: "https://issuer.example", subject: "job" }],
  });
  expect(registered.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).toSorted()).toEqual([
    "AppRoleAssignment exchange-office365-exchange-online-exchange-manage-as-app",
    "AppRoleAssignment exchange-office365-exchange-online-protection-exchange-manage-as-app",
    "Application exchange",
    "ApplicationFederatedIdentityCredential exchange-federated-job",
    "DirectoryRoleAssignment exchange-global-reader",
    "ExchangeAppOnlyAuth exchange",
    "RandomUuid exchange-marker",
    "RandomUuid exchange-marker-used",
    "ServicePrincipal exchange",
  ]);
  expect(Object.keys(outputsOf(component))).toEqual([
    "appId",
    "tenantDomain",
    "tenantId",
    "applicationObjectId",
    "servicePrincipalObjectId",
    "connectExchangeOnline",
    "connectIppsSession",
  ]);
  expect(await valueOf(component.connectExchangeOnline)).toBe(
    `Connect-ExchangeOnline -AccessToken (exo-auth token --from-environment) -Organization ${tenantDomain} -ShowBanner:$false`,
  );
});
