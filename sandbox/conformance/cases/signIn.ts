import { generateKeyPair, SignJWT } from "jose";
import { keyCredentialOf } from "../credentials.ts";
import type { ConformanceCase } from "../conformanceCase.ts";
import * as own from "../fixtures.ts";
import type { Probe } from "../probe.ts";

const unknownId = "99999999-9999-4999-8999-999999999999";

/** How Entra answers sign-ins of applications. */
export const signInCases: readonly ConformanceCase[] = [
  {
    id: "signIn",
    title: "A token by certificate: its claims, and those of its service principal",
    run: async (probe) => probe.signIn("with a certificate", await formOf(probe)),
  },
  {
    id: "unreadableAssertion",
    title: "An assertion that cannot be read, names no key, or has another algorithm",
    beliefs: ["unreadableAssertion"],
    run: async (probe) => {
      const form = await formOf(probe);
      await probe.signIn("with an assertion that is no JWT", { ...form, client_assertion: "nothing" });
      await probe.signIn("with an assertion that names no key", await formOf(probe, { header: {} }));
      await probe.signIn("with RS384", await formOf(probe, { algorithm: "RS384" }));
    },
  },
  {
    id: "wrongAssertionClaims",
    title: "An assertion of yesterday, of another client, and for another audience",
    beliefs: ["wrongAssertionClaims"],
    run: async (probe) => {
      const yesterday = Math.floor(probe.workplace.now().getTime() / 1000) - 86_400;
      await probe.signIn(
        "yesterday",
        await formOf(probe, { claims: { nbf: yesterday, exp: yesterday + 600 } }),
      );
      await probe.signIn(
        "of another client",
        await formOf(probe, { claims: { iss: unknownId, sub: unknownId } }),
      );
      await probe.signIn(
        "for another audience",
        await formOf(probe, { claims: { aud: "https://example.com" } }),
      );
    },
  },
  {
    id: "repeatedAssertion",
    title: "One assertion for two tokens",
    beliefs: ["repeatedAssertion"],
    run: async (probe) => {
      const form = await formOf(probe);
      await probe.signIn("the first time", form);
      await probe.signIn("again", form);
    },
  },
  {
    id: "roleClaims",
    title: "The role claims of an application without roles",
    beliefs: ["roleClaims"],
    run: async (probe) => probe.signIn("without roles", await formOf(probe)),
  },
  {
    id: "ambiguousSignIn",
    title: "A secret beside an assertion, and a parameter that nobody knows",
    beliefs: ["ambiguousSignIn"],
    run: async (probe) => {
      await probe.signIn("with both", { ...(await formOf(probe)), client_secret: "nothing" });
      await probe.signIn("with an unknown parameter", { ...(await formOf(probe)), color: "blue" });
    },
  },
  {
    id: "complianceAudience",
    title: "A token for Security & Compliance",
    beliefs: ["complianceAudience"],
    run: async (probe) => {
      const { scope } = probe.workplace.options.target.endpoints.securityAndCompliance;
      await probe.signIn("for Security & Compliance", await formOf(probe, { scope }));
    },
  },
  {
    id: "foreignCertificate",
    title: "A certificate that the application does not have, and one that was removed",
    run: async (probe) => {
      const certificate = await probe.workplace.options.certificates.second();
      const { appId } = await own.signing(probe.workplace);
      await probe.signIn(
        "with a foreign certificate",
        await own.signInForm(probe.workplace, { appId, certificate }),
      );
      const other = await own.certified(probe.workplace, "removed");
      await probe.ask("PATCH", `/v1.0/applications/${other.id}`, { keyCredentials: [] });
      await probe.signIn("with a removed certificate", await own.signInForm(probe.workplace, other));
    },
  },
  {
    id: "missingServicePrincipal",
    title: "An application without a service principal",
    beliefs: ["missingServicePrincipal"],
    run: async (probe) => {
      const certificate = await probe.workplace.options.certificates.first();
      const { appId } = await own.application(probe.workplace, "alone", {
        keyCredentials: [keyCredentialOf(certificate)],
      });
      await probe.signIn(
        "without a service principal",
        await own.signInForm(probe.workplace, { appId, certificate }),
      );
    },
  },
  {
    id: "disabledApplication",
    title: "An application whose `isDisabled` is true",
    beliefs: ["disabledApplication"],
    run: async (probe) => {
      const disabled = await own.certified(probe.workplace, "disabled");
      await probe.ask("PATCH", `/beta/applications/${disabled.id}`, { isDisabled: true });
      await probe.signIn("while it is disabled", await own.signInForm(probe.workplace, disabled));
    },
  },
  {
    id: "keyOutsideItsTime",
    title: "A certificate before its time on the application",
    beliefs: ["keyOutsideItsTime"],
    run: async (probe) => {
      const certificate = await probe.workplace.options.certificates.first();
      const startDateTime = `${new Date(certificate.notAfter.getTime() - 86_400_000).toISOString().slice(0, 19)}Z`;
      const keyCredentials = [keyCredentialOf(certificate, { startDateTime })];
      const { appId } = await own.principal(probe.workplace, "early", { keyCredentials });
      await probe.signIn("before its time", await own.signInForm(probe.workplace, { appId, certificate }));
    },
  },
  {
    id: "federatedAssertionCodes",
    title: "Federated assertions that fit no credential",
    beliefs: ["federatedAssertionCodes"],
    run: async (probe) => {
      const { appId } = await own.signing(probe.workplace);
      await probe.signIn("without federated credentials", await federatedForm(probe, appId, {}));
      const federated = await own.principal(probe.workplace, "federated");
      await probe.ask("POST", `/v1.0/applications/${federated.id}/federatedIdentityCredentials`, credential);
      await probe.signIn(
        "of another issuer",
        await federatedForm(probe, federated.appId, { iss: "https://example.org" }),
      );
      await probe.signIn("of another subject", await federatedForm(probe, federated.appId, { sub: "other" }));
      await probe.signIn(
        "for another audience",
        await federatedForm(probe, federated.appId, { aud: "other" }),
      );
    },
  },
  {
    id: "conditionalAccessBlock",
    title: "A sign-in that a conditional access policy blocks",
    beliefs: ["conditionalAccessBlock"],
    options: ["conditional-access"],
    run: async (probe) => {
      const { workplace } = probe;
      const blocked = await own.certified(workplace, "blocked");
      const displayName = `${workplace.options.mark} policy`;
      await probe.create("conditionalAccessPolicy", "blocked.policy", displayName, {
        displayName,
        state: "enabled",
        conditions: {
          applications: { includeApplications: ["All"] },
          clientApplications: { includeServicePrincipals: [blocked.principalId] },
        },
        grantControls: { operator: "OR", builtInControls: ["block"] },
      });
      await probe.signIn("while it is blocked", await own.signInForm(workplace, blocked));
    },
  },
];

const credential = {
  name: "conformance",
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:example/conformance:ref:refs/heads/main",
  audiences: ["api://AzureADTokenExchange"],
};

/** The sign-in of the run's signing application, good or changed. */
async function formOf(
  { workplace }: Probe,
  changes: Parameters<typeof own.signInForm>[2] = {},
): Promise<Record<string, string>> {
  return own.signInForm(workplace, await own.signing(workplace), changes);
}

/** The sign-in with an assertion of the credential's issuer, or a changed one, which that issuer has not signed. */
async function federatedForm(
  { workplace }: Probe,
  appId: string,
  changes: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const { privateKey } = await generateKeyPair("ES256");
  const seconds = Math.floor(workplace.now().getTime() / 1000);
  const { issuer, subject, audiences } = credential;
  const claims = {
    iss: issuer,
    sub: subject,
    aud: audiences,
    iat: seconds,
    nbf: seconds,
    exp: seconds + 600,
    ...changes,
  };
  const assertion = await new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: "1" })
    .sign(privateKey);
  const form = await own.signInForm(workplace, {
    appId,
    certificate: await workplace.options.certificates.first(),
  });
  return { ...form, client_assertion: assertion };
}
