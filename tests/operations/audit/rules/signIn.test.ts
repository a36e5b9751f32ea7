import { expect, test } from "vitest";
import { ApiError } from "../../../../graph/apiError.ts";
import { applicationWith, auditSample, declared, observedFrom, untouchedBodies } from "../sampleAccess.ts";

/** Of each finding: its id, what was found, and what a baseline names it by. */
async function found(...args: Parameters<typeof auditSample>): Promise<readonly string[]> {
  const { section } = await auditSample(...args);
  return section.findings.map(({ id, found: words, subject }) => `${id}: ${words} [${subject}]`);
}

test("redirect URIs of each platform, with the platform", async () => {
  const changes = applicationWith({
    web: { redirectUris: ["https://a"] },
    spa: { redirectUris: ["https://b"] },
    publicClient: { redirectUris: ["https://c"] },
  });
  expect(await found(changes)).toEqual([
    "EXO-AUDIT-REDIRECT-URI: https://c (publicClient) [publicClient https://c]",
    "EXO-AUDIT-REDIRECT-URI: https://b (spa) [spa https://b]",
    "EXO-AUDIT-REDIRECT-URI: https://a (web) [web https://a]",
  ]);
});

test("a redirect URI of the service principal alone, and none that it has of its application", async () => {
  const changes = {
    ...applicationWith({ spa: { redirectUris: ["https://B"] } }),
    servicePrincipal: { ...untouchedBodies().servicePrincipal, replyUrls: ["https://b", "https://c"] },
  };
  const { section } = await auditSample(changes);
  expect(section.findings.map(({ subject, found: words, remedy }) => [subject, words, remedy])).toEqual([
    [
      "servicePrincipal https://c",
      "https://c (replyUrls of the service principal)",
      "remove it from the service principal's replyUrls, with Microsoft Graph",
    ],
    ["spa https://B", "https://B (spa)", "pulumi up --refresh"],
  ]);
});

test("if the application cannot be read, a declared redirect URI of the service principal is no finding", async () => {
  const known = declared();
  const error = new ApiError({ service: "Graph", request: "GET /a", status: 403, reason: "Not allowed." });
  const observed = await observedFrom({
    ...untouchedBodies(),
    servicePrincipal: { ...untouchedBodies().servicePrincipal, replyUrls: ["https://B", "https://c"] },
  });
  const { section } = await auditSample(
    {},
    {
      declared: {
        ...known,
        keys: new Map([...known.keys, ["EXO-AUDIT-REDIRECT-URI", new Set(["web https://b"])]]),
      },
      observed: { ...observed, application: { ok: false, error } },
    },
  );
  const redirects = section.findings.filter(({ id }) => id === "EXO-AUDIT-REDIRECT-URI");
  expect(redirects.map(({ subject }) => subject)).toEqual(["servicePrincipal https://c"]);
});

test("platforms that Graph leaves out, or gives without their parts, have nothing", async () => {
  const without = applicationWith({ web: null, spa: null, publicClient: null, api: null });
  expect(await found(without)).toEqual([]);
  const empty = applicationWith({
    web: { redirectUris: null, implicitGrantSettings: null },
    spa: {},
    publicClient: {},
    api: { preAuthorizedApplications: null },
  });
  expect(await found(empty)).toEqual([]);
});

test.each([
  [true, 1],
  [false, 0],
])("isDisabled %j is told in %i notes", async (isDisabled, count) => {
  const { section } = await auditSample(applicationWith({ isDisabled }));
  const told = section.notes.filter((note) => note.startsWith("The application is blocked (isDisabled)."));
  expect(told).toHaveLength(count);
});

test("an application that needs nobody's consent goes by its permissions, in any order", async () => {
  const two = await found(preAuthorized("client", ["b", "a"]));
  expect(two).toEqual([
    expect.stringMatching(
      /^EXO-AUDIT-PRE-AUTHORIZED: client ID client, 2 permissions \[client [0-9a-f]{32}\]$/,
    ),
  ]);
  expect(await found(preAuthorized("client", ["a", "b"]))).toEqual(two);
  expect(await found(preAuthorized("client", ["a", "c"]))).not.toEqual(two);
  expect(await found(preAuthorized(null, null))).toEqual([
    expect.stringMatching(/^EXO-AUDIT-PRE-AUTHORIZED: client ID none, 0 permissions \[none [0-9a-f]{32}\]$/),
  ]);
});

test("a safeguard that is off is found, and none that is on, or as Microsoft sets it", async () => {
  const authenticationBehaviors = {
    blockAzureADGraphAccess: null,
    removeUnverifiedEmailClaim: false,
    requireClientServicePrincipal: true,
    somethingElse: false,
  };
  const { section } = await auditSample(applicationWith({ authenticationBehaviors }));
  expect(
    section.findings.map(({ id, subject, found: words, remedy }) => [id, subject, words, remedy]),
  ).toEqual([
    [
      "EXO-AUDIT-AUTHENTICATION-BEHAVIOR",
      "removeUnverifiedEmailClaim",
      "removeUnverifiedEmailClaim is off",
      `az rest --method patch --url 'https://graph.microsoft.com/v1.0/applications/application-of-exchange' --body '{"authenticationBehaviors":{"removeUnverifiedEmailClaim":true}}'`,
    ],
  ]);
});

test("what the service principal owns is found by its name, where it has one", async () => {
  const value = [
    { id: "g1", displayName: "Admins" },
    { id: "g2", displayName: null },
  ];
  expect(await found({ ownedObjects: { value } })).toEqual([
    "EXO-AUDIT-OWNED-OBJECT: Admins, object ID g1 [g1]",
    "EXO-AUDIT-OWNED-OBJECT: an object, object ID g2 [g2]",
  ]);
});

function preAuthorized(appId: string | null, delegatedPermissionIds: readonly string[] | null) {
  return applicationWith({ api: { preAuthorizedApplications: [{ appId, delegatedPermissionIds }] } });
}
