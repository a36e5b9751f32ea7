import { expect, onTestFinished, test } from "vitest";
import { textOf } from "../../../sandbox/tenant/json.ts";
import { gitHubSubject, issuers, startTokenIssuer } from "../../engine/pipelines/tokenIssuer.ts";
import { createApplication, startTestTenant, type Answer } from "./client.ts";

const job = { repository: "contoso/exchange", environment: "production" };
const ids = { owner: 9919, repository: 1296269 };

test("the subject of a repository names its owner and itself by id since July 2026", () => {
  expect(gitHubSubject(job)).toBe("repo:contoso/exchange:environment:production");
  expect(gitHubSubject({ ...job, ids })).toBe("repo:contoso@9919/exchange@1296269:environment:production");
});

test.each([
  { declared: gitHubSubject(job), sent: gitHubSubject({ ...job, ids }) },
  { declared: gitHubSubject({ ...job, ids }), sent: gitHubSubject(job) },
])("one form is not the other: $declared is declared, $sent is sent", async ({ declared, sent }) => {
  const { signIn } = await trusting(declared);
  expect((await signIn(declared)).status).toBe(200);
  expect(refusalOf(await signIn(sent))).toEqual({
    status: 401,
    codes: [700213],
    text:
      `AADSTS700213: No matching federated identity record found for presented assertion subject '${sent}'. ` +
      "Please note that the matching is done using a case-sensitive comparison. Check your federated identity " +
      "credential Subject, Audience and Issuer against the presented assertion. " +
      "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  });
});

test("another issuer is told as the issuer", async () => {
  const { signIn } = await trusting(gitHubSubject(job));
  expect(refusalOf(await signIn(gitHubSubject(job), issuers.gitlab))).toEqual({
    status: 401,
    codes: [700211],
    text:
      `AADSTS700211: No matching federated identity record found for presented assertion issuer '${issuers.gitlab}'. ` +
      "Check your federated identity credential Subject, Audience and Issuer against the presented assertion. " +
      "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  });
});

test("another audience is told as the audience", async () => {
  const { signIn } = await trusting(gitHubSubject(job), "api://other");
  expect(refusalOf(await signIn(gitHubSubject(job)))).toMatchObject({
    status: 401,
    codes: [700212],
    text: expect.stringMatching(
      /^AADSTS700212: No matching federated identity record found for presented assertion audience 'api:\/\/AzureADTokenExchange'\. Check your/,
    ),
  });
});

/** A tenant with an application that trusts GitHub's jobs of one subject. */
async function trusting(
  subject: string,
  audience = "api://AzureADTokenExchange",
): Promise<{ signIn: (subject: string, issuer?: string) => Promise<Answer> }> {
  const tokens = await startTokenIssuer();
  onTestFinished(() => tokens.close());
  // The issuer's tokens are of this hour.
  const tenant = await startTestTenant({ issuerKeys: tokens.issuerKeys, now: () => new Date() });
  const { id, appId } = await createApplication(tenant);
  await tenant.graph("POST", `/v1.0/applications/${id}/federatedIdentityCredentials`, {
    name: "production",
    issuer: issuers.github,
    subject,
    audiences: [audience],
  });
  return {
    signIn: async (sent, issuer = issuers.github) =>
      tenant.signIn({
        client_id: appId,
        client_assertion: await tokens.token(issuer, sent),
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        grant_type: "client_credentials",
        scope: `${tenant.server.url}/.default`,
      }),
  };
}

function refusalOf({ status, body }: Answer): Record<string, unknown> {
  const [text] = textOf(body.error_description).split(" Trace ID: ");
  return { status, codes: body.error_codes, text };
}
