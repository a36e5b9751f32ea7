import { expect, it } from "vitest";

import {
  azurePipelinesTrust,
  endingIssuer,
} from "../../../../components/arguments/federated/azurePipelines.ts";
import { type GitHubJob, githubTrust } from "../../../../components/arguments/federated/github.ts";
import { type GitLabJob, gitlabTrust } from "../../../../components/arguments/federated/gitlab.ts";
import { kubernetesTrust } from "../../../../components/arguments/federated/kubernetes.ts";
import { Cloud } from "../../../../microsoft/clouds.ts";

const github = "https://token.actions.githubusercontent.com";
const ids = { repository: "contoso/mail", ownerId: "123", repositoryId: "456" };

function told<T>(resolve: (report: (path: string, text: string) => void) => T) {
  const problems: string[] = [];
  const trusted = resolve((path, text) => problems.push(`\`${path}\` ${text}`));
  return { trusted, problems };
}

const ofGitHub = (args: GitHubJob) => told((report) => githubTrust(args, "github", report));

it.each<[GitHubJob, string]>([
  [{ ...ids, environment: "production" }, "repo:contoso@123/mail@456:environment:production"],
  [{ ...ids, environment: "eu:production" }, "repo:contoso@123/mail@456:environment:eu%3Aproduction"],
  [{ ...ids, branch: "release/1" }, "repo:contoso@123/mail@456:ref:refs/heads/release/1"],
  [{ ...ids, tag: "v1" }, "repo:contoso@123/mail@456:ref:refs/tags/v1"],
  [{ ...ids, environment: "EU production" }, "repo:contoso@123/mail@456:environment:EU production"],
  [{ ...ids, pullRequest: true }, "repo:contoso@123/mail@456:pull_request"],
  [{ repository: "contoso/mail", immutable: false, branch: "main" }, "repo:contoso/mail:ref:refs/heads/main"],
  [
    { ...ids, subjectPrefix: "repo:other@1/mail@2", branch: "main" },
    "repo:other@1/mail@2:ref:refs/heads/main",
  ],
])("GitHub sends for %j the subject %s", (args, subject) => {
  expect(ofGitHub(args)).toEqual({ trusted: { issuer: github, subject }, problems: [] });
});

it("GitHub's form with names must be asked for", () => {
  const hint =
    "Show it with `gh api repos/OWNER/REPOSITORY`. If the repository's tokens have no IDs, set immutable to false.";
  expect(ofGitHub({ repository: "contoso/mail", branch: "main" })).toEqual({
    trusted: undefined,
    problems: [
      `\`github.ownerId\` must be the ID in digits, as a text, got undefined. ${hint}`,
      `\`github.repositoryId\` must be the ID in digits, as a text, got undefined. ${hint}`,
    ],
  });
});

it.each([{}, { branch: "main", tag: "v1" }, { branch: "main", pullRequest: true }, { pullRequest: false }])(
  "GitHub needs exactly one of what says which job, not %j",
  (which) => {
    expect(ofGitHub({ ...ids, ...which })).toEqual({
      trusted: undefined,
      problems: ["`github` must have exactly one of environment, branch, tag and pullRequest: true."],
    });
  },
);

it("a name with a wildcard is refused, because Entra compares exactly", () => {
  expect(ofGitHub({ ...ids, branch: "release/*" })).toEqual({
    trusted: undefined,
    problems: [
      '`github.branch` must be a text without spaces and *, got "release/*". Entra compares it exactly. Give one name.',
    ],
  });
});

it("GitHub's IDs may be numbers, as `pulumi config set --path` writes them", () => {
  const args = { repository: "contoso/mail", ownerId: 123, repositoryId: 456, tag: 7 };
  expect(told((report) => githubTrust(args, "github", report)).trusted?.subject).toBe(
    "repo:contoso@123/mail@456:ref:refs/tags/7",
  );
});

const ofGitLab = (args: GitLabJob) => told((report) => gitlabTrust(args, "gitlab", report));
const main = { project: "group/sub/mail", branch: "main" };

it.each<[GitLabJob, object]>([
  [main, { issuer: "https://gitlab.com", subject: "project_path:group/sub/mail:ref_type:branch:ref:main" }],
  [
    { project: "group/mail", tag: "v1", host: "gitlab.contoso.com:8443" },
    { issuer: "https://gitlab.contoso.com:8443", subject: "project_path:group/mail:ref_type:tag:ref:v1" },
  ],
  [
    { projectId: "42", branch: "main", subjectClaims: ["project_id", "ref_type", "ref"] },
    { issuer: "https://gitlab.com", subject: "project_id:42:ref_type:branch:ref:main" },
  ],
  [
    { project: "group/mail", environment: "EU production", subjectClaims: ["project_path", "environment"] },
    { issuer: "https://gitlab.com", subject: "project_path:group/mail:environment:EU production" },
  ],
])("GitLab sends for %j %j", (args, trusted) => {
  expect(ofGitLab(args)).toEqual({ trusted, problems: [] });
});

const defaultClaims = `the project's tokens have the claims ["project_path","ref_type","ref"]`;
const setClaims =
  "Set `ci_id_token_sub_claim_components` of the project, and `subjectClaims` to the same list.";

it.each<[GitLabJob, readonly string[]]>([
  [
    { project: "mail", host: "https://x" },
    [
      '`gitlab.host` must be a host name without https://, got "https://x". Give a text such as "gitlab.contoso.com".',
      '`gitlab.project` must be the project\'s path, got "mail". Give a text such as "group/project".',
      `\`gitlab\` must have branch or tag, because ${defaultClaims}.`,
    ],
  ],
  [{ ...main, tag: "v1" }, ["`gitlab` must have only one of branch and tag."]],
  [
    { ...main, environment: "production" },
    [`\`gitlab\` has environment, but ${defaultClaims}. ${setClaims}`],
  ],
  [{ ...main, projectId: "42" }, [`\`gitlab\` has projectId, but ${defaultClaims}. ${setClaims}`]],
  [
    { ...main, subjectClaims: ["project_path", "user_login"] },
    [
      '`gitlab.subjectClaims` must be a list of project_path, project_id, ref_type, ref, environment, without repetition, got "user_login". Give the list that `ci_id_token_sub_claim_components` of the project has. If it has other claims, give `issuer` and `subject` of the credential.',
    ],
  ],
])("GitLab's problems with %j are told at once", (args, problems) => {
  expect(ofGitLab(args)).toEqual({ trusted: undefined, problems });
});

it.each<[GitLabJob, string, string]>([
  [{ ...main, host: "https://x" }, "host", 'must be a host name without https://, got "https://x".'],
  [{ ...main, host: "x/y" }, "host", 'must be a host name without https://, got "x/y".'],
  [{ ...main, project: "/group/mail" }, "project", 'must be the project\'s path, got "/group/mail".'],
  [{ ...main, project: "group/mail/" }, "project", 'must be the project\'s path, got "group/mail/".'],
  [
    { projectId: "x42", subjectClaims: ["project_id"] },
    "projectId",
    'must be the project\'s ID in digits, got "x42".',
  ],
  [
    { projectId: "42x", subjectClaims: ["project_id"] },
    "projectId",
    'must be the project\'s ID in digits, got "42x".',
  ],
  [
    { ...main, subjectClaims: ["project_path", "ref", "ref_type", "ref"] },
    "subjectClaims",
    'must be a list of project_path, project_id, ref_type, ref, environment, without repetition, got ["project_path","ref","ref_type","ref"].',
  ],
])("one value of GitLab's is wrong in %j", (args, key, text) => {
  const { trusted, problems } = ofGitLab(args);
  expect(trusted).toBeUndefined();
  expect(problems).toEqual([expect.stringMatching(new RegExp(`^\`gitlab\\.${key}\` `))]);
  expect(problems[0]).toContain(text);
});

const connection = {
  organization: "contoso",
  organizationId: "0d3a1b7e-5a0c-4c0e-8d5f-2f1c6b9a7e11",
  project: "Mail reports",
  serviceConnection: "exchange",
};
const shown = {
  issuer: "https://login.microsoftonline.com/TENANT/v2.0",
  subject: "/eid1/c/pub/t/T/a/A/sc/O/C",
};

it.each([
  [Cloud.Global, shown, shown],
  [
    Cloud.China,
    connection,
    {
      issuer: "https://vstoken.dev.azure.com/0d3a1b7e-5a0c-4c0e-8d5f-2f1c6b9a7e11",
      subject: "sc://contoso/Mail reports/exchange",
    },
  ],
])("in %s, Azure Pipelines sends for %j %j", (cloud, args, trusted) => {
  expect(told((report) => azurePipelinesTrust(args, cloud, "azure", report))).toEqual({
    trusted,
    problems: [],
  });
});

it.each([
  [
    Cloud.Global,
    connection,
    [
      "`azure` cannot have organization, organizationId, project, serviceConnection in Microsoft 365 worldwide, where only Azure DevOps knows the subject. Give `issuer` and `subject` alone, exactly as the service connection shows them.",
    ],
  ],
  [
    Cloud.China,
    { ...shown, project: "Mail" },
    [
      "`azure` cannot have project next to issuer and subject. Give `issuer` and `subject` alone, exactly as the service connection shows them.",
    ],
  ],
  [
    Cloud.China,
    { ...connection, organizationId: "contoso", project: "a/b" },
    [
      '`azure.organizationId` must be the organization\'s ID, a GUID, got "contoso". The issuer that the service connection shows ends in it.',
      '`azure.project` must be a name without * and /, got "a/b". Give it as Azure DevOps shows it.',
    ],
  ],
])("in %s, Azure Pipelines cannot have %j", (cloud, args, problems) => {
  expect(told((report) => azurePipelinesTrust(args, cloud, "azure", report))).toEqual({
    trusted: undefined,
    problems,
  });
});

it("Azure DevOps' own issuer ends in the global cloud alone", () => {
  const own = { issuer: "https://vstoken.dev.azure.com/o", subject: "sc://a/b/c" };
  expect([endingIssuer(own, Cloud.China), endingIssuer(shown, Cloud.Global)]).toEqual([undefined, undefined]);
  expect(endingIssuer(own, Cloud.Global)).toBe(
    "has the issuer of Azure DevOps, which ends on 2027-07-01. Convert the service connection, and add a credential with the issuer and the subject that it shows then.",
  );
});

it("Kubernetes sends the namespace and the service account", () => {
  const args = { issuer: "https://oidc.contoso.com/1/", namespace: "mail", serviceAccount: "mail.reports" };
  expect(told((report) => kubernetesTrust(args, "kubernetes", report))).toEqual({
    trusted: { issuer: "https://oidc.contoso.com/1/", subject: "system:serviceaccount:mail:mail.reports" },
    problems: [],
  });
});

it("Kubernetes' names must be names", () => {
  const args = { issuer: "https://oidc.contoso.com/", namespace: "a:b", serviceAccount: "*" };
  expect(told((report) => kubernetesTrust(args, "kubernetes", report))).toEqual({
    trusted: undefined,
    problems: [
      '`kubernetes.namespace` must be the name of a namespace, got "a:b". Give a text such as "default".',
      '`kubernetes.serviceAccount` must be the name of a service account, got "*". Give a text such as "mail-reports".',
    ],
  });
});
