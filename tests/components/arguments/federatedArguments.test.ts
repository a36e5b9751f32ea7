import { describe, expect, it } from "vitest";

import { resolveArguments } from "../../../components/arguments/resolveArguments.ts";

const github = { repository: "contoso/mail", ownerId: "123", repositoryId: "456", environment: "production" };
const named = { name: "github-production", github };
const plain = { name: "cluster", issuer: "https://oidc.contoso.com/", subject: "system:serviceaccount:a:b" };

function resolved(federatedCredentials: unknown, more: object = {}) {
  // What a JavaScript program or a configuration file may pass, whatever the types say.
  const args: object = { federatedCredentials, ...more };
  const { settings, problems, warnings } = resolveArguments(args);
  return { credentials: settings.federatedCredentials, problems, warnings };
}

it("makes of each credential what Entra gets", () => {
  const { credentials, problems, warnings } = resolved([named, { ...plain, audience: "exchange" }]);
  expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
  expect(credentials).toEqual([
    {
      name: "github-production",
      issuer: "https://token.actions.githubusercontent.com",
      subject: "repo:contoso@123/mail@456:environment:production",
      audience: "api://AzureADTokenExchange",
    },
    { ...plain, audience: "exchange" },
  ]);
});

it("has no credential by default", () => {
  expect(resolved(undefined)).toEqual({ credentials: [], problems: [], warnings: [] });
});

it.each([
  ["usGovernmentHigh", "api://AzureADTokenExchangeUSGov"],
  ["china", "api://AzureADTokenExchangeChina"],
])("in %s, the audience is %s", (cloud, audience) => {
  expect(resolved([plain], { cloud }).credentials).toEqual([{ ...plain, audience }]);
});

it("warns of an issuer that ends", () => {
  const issuer = "https://vstoken.dev.azure.com/0d3a1b7e-5a0c-4c0e-8d5f-2f1c6b9a7e11";
  const azurePipelines = { issuer, subject: "sc://contoso/mail/exchange" };
  expect(resolved([{ name: "azure", azurePipelines }]).warnings).toEqual([
    'Federated credential "azure" has the issuer of Azure DevOps, which ends on 2027-07-01. Convert the service connection, and add a credential with the issuer and the subject that it shows then.',
  ]);
});

const exactlyOne =
  "must have exactly one of github, azurePipelines, gitlab, kubernetes, or `issuer` and `subject`.";
const claims = "In a job, `exo-auth token --show-claims` prints it.";
const issuerHint = `Give it exactly as the token's \`iss\` has it. ${claims}`;
const subjectHint = `Entra compares it exactly. Give it as the token's \`sub\` has it. ${claims}`;
const nameHint = 'must have 3 to 120 letters, digits, "_" or "-", and begin with a letter or digit';

describe("fails with exactly this text", () => {
  it.each<[unknown, readonly string[]]>([
    [
      "x",
      [
        '`federatedCredentials` must be a list, got "x". Give [{ name: "github-production", github: { … } }], or leave it out.',
      ],
    ],
    [
      [7],
      [
        '`federatedCredentials[0]` must be an object, got 7. Give { name: "github-production", github: { … } }.',
      ],
    ],
    [
      [{ ...plain, name: "ab" }],
      [`\`federatedCredentials[0].name\` ${nameHint}, got "ab". Give a name such as "github-production".`],
    ],
    [
      [{ ...plain, name: "_cluster" }],
      [
        `\`federatedCredentials[0].name\` ${nameHint}, got "_cluster". Give a name such as "github-production".`,
      ],
    ],
    [[{ name: "cluster" }], [`\`federatedCredentials[0]\` ${exactlyOne}`]],
    [[{ ...plain, github }], [`\`federatedCredentials[0]\` ${exactlyOne}`]],
    [
      [{ name: "cluster", issuer: "http://x", subject: "repo:*" }],
      [
        `\`federatedCredentials[0].issuer\` must be an https:// address of at most 600 characters, without a query, got "http://x". ${issuerHint}`,
        `\`federatedCredentials[0].subject\` must be a text of 1 to 600 characters without *, got "repo:*". ${subjectHint}`,
      ],
    ],
    [
      [
        { ...plain, issuer: "https://t\u043Eken.actions.githubusercontent.com" },
        { name: "job", github: { ...github, environment: undefined, branch: "main\u200B" } },
      ],
      [
        '`federatedCredentials[0].issuer` must have letters, digits and signs of ASCII alone, got "https://t\\u{43e}ken.actions.githubusercontent.com". If the host has others, give its name in Punycode, which begins with xn--.',
        '`federatedCredentials[1]` must have no invisible character, got "repo:contoso@123/mail@456:ref:refs/heads/main\\u{200b}". Type it again.',
      ],
    ],
    [
      [{ name: "job", github: 7 }],
      ["`federatedCredentials[0].github` must be an object, got 7. The reference lists what it can have."],
    ],
    [
      [{ name: "job", github: { ...github, brnch: "main" } }],
      ['`federatedCredentials[0].github.brnch` is not an argument. Did you mean "branch"?'],
    ],
    [
      [{ ...plain, audience: "api://AzureADTokenExchangeChina" }],
      [
        '`federatedCredentials[0].audience` must be "api://AzureADTokenExchange" in Microsoft 365 worldwide, got "api://AzureADTokenExchangeChina". Leave it out.',
      ],
    ],
    [
      [{ ...plain, audience: "a b" }],
      [
        '`federatedCredentials[0].audience` must be a text of 1 to 600 characters, got "a b". Leave it out to use the cloud\'s.',
      ],
    ],
    [
      [plain, { ...plain, name: "CLUSTER" }],
      [
        "`federatedCredentials[1]` repeats the name of `federatedCredentials[0]`. Remove one.",
        "`federatedCredentials[1]` repeats the issuer and subject of `federatedCredentials[0]`. Remove one.",
      ],
    ],
    [
      Array.from({ length: 21 }, (_, index) => ({
        ...plain,
        name: `cluster-${index}`,
        subject: `s${index}`,
      })),
      ["`federatedCredentials` must have at most 20, got 21: Entra takes no more. Remove some."],
    ],
  ])("%j", (federatedCredentials, problems) => {
    expect(resolved(federatedCredentials).problems).toEqual(problems);
  });

  it("a subject that is too long once it is made", () => {
    const environment = "x".repeat(600);
    expect(resolved([{ name: "job", github: { ...github, environment } }]).problems).toEqual([
      expect.stringMatching(
        /^`federatedCredentials\[0\]` must be a text of 1 to 600 characters without \*, got "repo:/,
      ),
    ]);
  });
});

describe("a subject that any branch could get", () => {
  const { environment: _, ...repository } = github;
  const gitlab = { project: "group/mail", tag: "v1" };
  const issuer = "https://token.actions.githubusercontent.com";
  const anyPlace =
    "every workflow that gets this subject, which does not name both a repository and a branch or environment,";

  it.each<[object, string, string]>([
    [
      { github: { ...repository, pullRequest: true } },
      "repo:contoso@123/mail@456:pull_request",
      "every pull request in contoso/mail, from any branch,",
    ],
    [
      { github: { ...repository, tag: "v1" } },
      "repo:contoso@123/mail@456:ref:refs/tags/v1",
      'everybody who can create the tag "v1" in contoso/mail',
    ],
    [
      { issuer, subject: "repo:contoso/mail" },
      "repo:contoso/mail",
      "every job of contoso/mail, on any branch,",
    ],
    [{ issuer, subject: "repository_owner:contoso" }, "repository_owner:contoso", anyPlace],
    [
      { gitlab },
      "project_path:group/mail:ref_type:tag:ref:v1",
      'everybody who can create the tag "v1" in group/mail',
    ],
    [
      { issuer: "https://gitlab.com", subject: "project_id:42:ref:main" },
      "project_id:42:ref:main",
      "every job of project 42, on any branch,",
    ],
  ])("%j is refused, with who could sign in", (whom, subject, who) => {
    expect(resolved([{ name: "job", ...whom }]).problems).toEqual([
      `\`federatedCredentials[0]\` trusts "${subject}": ${who} could sign in as the application. Trust a branch or an environment, or set \`allowWideSubject\` to true.`,
    ]);
    const allowed = resolved([{ name: "job", ...whom, allowWideSubject: true }]);
    expect(allowed.problems).toEqual([]);
    expect(allowed.credentials.map((credential) => credential.subject)).toEqual([subject]);
  });
});

describe("without a certificate", () => {
  it("nothing is wrong", () => {
    expect(resolved([plain], { certificate: { generations: [] } }).problems).toEqual([]);
  });

  it("settings of a key do nothing", () => {
    expect(resolved([plain], { certificate: { generations: [], rsaBits: 4096 } }).problems).toEqual([
      "`certificate.rsaBits` does nothing, because there is no generation. Remove one of the two.",
    ]);
  });

  it.each([[], undefined, "x"])("something must sign in, and %j does not", (federatedCredentials) => {
    const { problems } = resolved(federatedCredentials, { certificate: { generations: [] } });
    expect(problems[0]).toBe(
      '`certificate.generations` must list at least one generation, because the application has no `federatedCredentials`, got []. Give [{ name: "1" }], or leave it out.',
    );
  });
});

describe("at its limits", () => {
  it.each(["abc", "a-_", "9".repeat(120)])("the name %s is taken", (name) => {
    expect(resolved([{ ...plain, name }]).problems).toEqual([]);
  });

  it.each(["9".repeat(121), "-ab", "a.b", "a b", "abc ", undefined])("the name %s is not", (name) => {
    expect(resolved([{ ...plain, name }]).problems).toEqual([
      expect.stringMatching(/^`federatedCredentials\[0\]\.name` must have 3 to 120 letters, digits/),
    ]);
  });

  it.each([
    "https://a.example",
    "https://a.example/",
    "https://a.example:8443/b/c",
    `https://${"a".repeat(592)}`,
  ])("the issuer %s is taken", (issuer) => {
    expect(resolved([{ ...plain, issuer }]).problems).toEqual([]);
  });

  it.each([
    `https://${"a".repeat(593)}`,
    "https://",
    "https://a.example?b",
    "https://a.example/#b",
    "https://a@b.example",
    "https://*.example",
    "https://a.example/*",
    "https://a.example ",
    " https://a.example",
    7,
  ])("the issuer %s is not", (issuer) => {
    expect(resolved([{ ...plain, issuer }]).problems).toEqual([
      expect.stringMatching(
        /^`federatedCredentials\[0\]\.issuer` must be an https:\/\/ address of at most 600/,
      ),
    ]);
  });

  it.each(["s", "a b", "s".repeat(600)])("the subject %s is taken", (subject) => {
    expect(resolved([{ ...plain, subject }]).problems).toEqual([]);
  });

  it.each(["", " a", "a ", "a\nb", "*", "a*", "s".repeat(601), null])("the subject %s is not", (subject) => {
    expect(resolved([{ ...plain, subject }]).problems).toEqual([
      expect.stringMatching(/^`federatedCredentials\[0\]\.subject` must be a text of 1 to 600 characters/),
    ]);
  });

  it("the audience has 600 characters at most, and 20 credentials are taken", () => {
    const audiences = [600, 601].map((length) => resolved([{ ...plain, audience: "a".repeat(length) }]));
    expect(audiences.map(({ problems }) => problems.length)).toEqual([0, 1]);
    const twenty = Array.from({ length: 20 }, (_, index) => ({
      ...plain,
      name: `cluster-${index}`,
      subject: `s${index}`,
    }));
    expect(resolved(twenty)).toMatchObject({ problems: [], credentials: { length: 20 } });
  });

  it("one subject of two issuers, and two of one, are different", () => {
    const other = { ...plain, name: "other" };
    const both = [plain, { ...other, issuer: "https://b.example" }];
    expect(resolved(both).problems).toEqual([]);
    expect(resolved([plain, { ...other, subject: "System:serviceaccount:a:b" }]).problems).toEqual([]);
  });
});
