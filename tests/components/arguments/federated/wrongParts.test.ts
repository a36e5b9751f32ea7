import { describe, expect, it } from "vitest";

import { azurePipelinesTrust } from "../../../../components/arguments/federated/azurePipelines.ts";
import { githubTrust } from "../../../../components/arguments/federated/github.ts";
import { kubernetesTrust } from "../../../../components/arguments/federated/kubernetes.ts";
import { resolveArguments } from "../../../../components/arguments/resolveArguments.ts";
import { Cloud } from "../../../../microsoft/clouds.ts";

// One part at a time is wrong or missing, or as short as it may be.
type Resolve = (args: object, report: (path: string) => void) => { readonly subject: string } | undefined;

function told(resolve: Resolve, args: object) {
  const problems: string[] = [];
  const trusted = resolve(args, (path) => problems.push(path));
  return { trusted, problems };
}

const github: Resolve = (args, report) => githubTrust(args, "github", report);
const kubernetes: Resolve = (args, report) => kubernetesTrust(args, "kubernetes", report);
const inCloud =
  (cloud: Cloud): Resolve =>
  (args, report) =>
    azurePipelinesTrust(args, cloud, "azure", report);
const job = { repository: "contoso/mail", ownerId: "123", repositoryId: "456", branch: "main" };

describe("GitHub", () => {
  it.each<[string, object, string]>([
    ["no repository", { repository: undefined }, "repository"],
    ["something before the repository", { repository: "!contoso/mail" }, "repository"],
    ["something after the repository", { repository: "contoso/mail!" }, "repository"],
    ["no owner's ID", { ownerId: undefined }, "ownerId"],
    ["a letter before the owner's ID", { ownerId: "x1" }, "ownerId"],
    ["no repository's ID", { repositoryId: undefined }, "repositoryId"],
    ["a letter after the repository's ID", { repositoryId: "1x" }, "repositoryId"],
    ["a branch of two words", { branch: "a b" }, "branch"],
    ["an environment that begins with *", { branch: undefined, environment: "*a" }, "environment"],
    ["an environment that ends in *", { branch: undefined, environment: "a*" }, "environment"],
  ])("%s", (_what, change, key) => {
    expect(told(github, { ...job, ...change })).toEqual({ trusted: undefined, problems: [`github.${key}`] });
  });

  it("an environment of one letter", () => {
    const { trusted, problems } = told(github, { ...job, branch: undefined, environment: "p" });
    expect([trusted?.subject, problems]).toEqual(["repo:contoso@123/mail@456:environment:p", []]);
  });
});

describe("Kubernetes", () => {
  const pod = { issuer: "https://oidc.contoso.com/", namespace: "mail", serviceAccount: "reports" };

  it.each(["issuer", "namespace", "serviceAccount"])("without %s", (key) => {
    expect(told(kubernetes, { ...pod, [key]: undefined })).toEqual({
      trusted: undefined,
      problems: [`kubernetes.${key}`],
    });
  });

  it.each([
    ["namespace", "-a"],
    ["namespace", "a-"],
    ["serviceAccount", "!a"],
    ["serviceAccount", "a!"],
    ["serviceAccount", "a!b"],
    ["serviceAccount", "a-"],
  ])("a %s of %j", (key, name) => {
    expect(told(kubernetes, { ...pod, [key]: name }).problems).toEqual([`kubernetes.${key}`]);
  });

  it.each([
    ["a", "b"],
    ["1", "2"],
    ["a1", "b2c3"],
  ])("the namespace %j and the account %j", (namespace, serviceAccount) => {
    expect(told(kubernetes, { ...pod, namespace, serviceAccount })).toEqual({
      trusted: { issuer: pod.issuer, subject: `system:serviceaccount:${namespace}:${serviceAccount}` },
      problems: [],
    });
  });
});

describe("Azure Pipelines", () => {
  const shown = { issuer: "https://login.microsoftonline.com/TENANT/v2.0", subject: "/eid1/c/pub" };
  const connection = {
    organization: "contoso",
    organizationId: "0d3a1b7e-5a0c-4c0e-8d5f-2f1c6b9a7e11",
    project: "m",
    serviceConnection: "exchange",
  };

  it.each<[object, readonly string[]]>([
    [{ issuer: shown.issuer }, ["azure.subject"]],
    [{ subject: shown.subject }, ["azure.issuer"]],
    [{}, ["azure.issuer", "azure.subject"]],
  ])("in the global cloud with %j alone", (args, problems) => {
    expect(told(inCloud(Cloud.Global), args)).toEqual({ trusted: undefined, problems });
  });

  it.each(["issuer", "subject"] as const)("elsewhere with %s beside the other four", (key) => {
    expect(told(inCloud(Cloud.China), { ...connection, [key]: shown[key] })).toEqual({
      trusted: undefined,
      problems: ["azure"],
    });
  });

  it.each([`x${connection.organizationId}`, `${connection.organizationId}x`])(
    "an organization's ID of %s",
    (organizationId) => {
      expect(told(inCloud(Cloud.China), { ...connection, organizationId }).problems).toEqual([
        "azure.organizationId",
      ]);
    },
  );

  it("a project of one letter", () => {
    expect(told(inCloud(Cloud.China), connection).trusted?.subject).toBe("sc://contoso/m/exchange");
  });
});

describe("a credential", () => {
  const plain = {
    name: "cluster",
    issuer: "https://oidc.contoso.com/",
    subject: "system:serviceaccount:a:b",
  };

  it.each<[string, object, RegExp]>([
    ["without a subject", { subject: undefined }, /^`federatedCredentials\[0\]\.subject` must /],
    ["without an issuer", { issuer: undefined }, /^`federatedCredentials\[0\]\.issuer` must /],
    ["with an audience of two words", { audience: "a b" }, /^`federatedCredentials\[0\]\.audience` must /],
    [
      "with a key that nobody knows",
      { subjekt: "x" },
      /^`federatedCredentials\[0\]\.subjekt` is not an argument/,
    ],
  ])("%s", (_what, change, problem) => {
    const { problems } = resolved({ ...plain, ...change });
    expect(problems).toEqual([expect.stringMatching(problem)]);
  });

  it("with an audience that is wrong is none", () => {
    expect(resolved({ ...plain, audience: "a b" }).names).toEqual([]);
    expect(resolved({ ...plain, subject: undefined }).names).toEqual([]);
  });

  it("with the cloud's own audience", () => {
    expect(resolved({ ...plain, audience: "api://AzureADTokenExchange" })).toEqual({
      names: ["cluster"],
      problems: [],
    });
  });
});

function resolved(credential: object) {
  const args: object = { federatedCredentials: [credential] };
  const { settings, problems } = resolveArguments(args);
  return { names: settings.federatedCredentials.map(({ name }) => name), problems };
}
