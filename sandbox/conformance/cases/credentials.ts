import type { JsonObject } from "../../tenant/json.ts";
import { keyCredentialOf } from "../credentials.ts";
import type { ConformanceCase } from "../conformanceCase.ts";
import * as own from "../fixtures.ts";
import type { Probe } from "../probe.ts";

const keyId = "11111111-2222-4333-8444-555555555555";
const everyLock = { isEnabled: true, allProperties: true };

/** How Graph takes certificates, secrets and federated credentials. */
export const credentialCases: readonly ConformanceCase[] = [
  {
    id: "keyCredentialCodes",
    title: "Certificates of another type, with one ID for two, and with a start before their own",
    beliefs: ["keyCredentialCodes"],
    run: async (probe) => {
      const [one, other] = await both(probe);
      await putKeys(probe, [keyCredentialOf(one, { type: "Certificate" })]);
      await putKeys(probe, [keyCredentialOf(one, { keyId }), keyCredentialOf(other, { keyId })]);
      await putKeys(probe, [keyCredentialOf(one, { startDateTime: "2020-01-01T00:00:00Z" })]);
    },
  },
  {
    id: "keyCredentialDefaults",
    title: "What a certificate gets that is written without a name and times",
    beliefs: ["keyCredentialDefaults"],
    run: async (probe) => {
      const certificate = await probe.workplace.options.certificates.first();
      const { id } = await own.application(probe.workplace, "defaults");
      const keyCredentials = [keyCredentialOf(certificate)];
      await probe.ask("PATCH", `/v1.0/applications/${id}`, { keyCredentials });
      await probe.ask("GET", `/v1.0/applications/${id}?$select=keyCredentials`);
    },
  },
  {
    id: "ellipticKeys",
    title: "A certificate with an elliptic key",
    beliefs: ["ellipticKeys"],
    run: async (probe) =>
      putKeys(probe, [keyCredentialOf(await probe.workplace.options.certificates.elliptic())]),
  },
  {
    id: "keyCredentialLimit",
    title: "1001 certificates on one application",
    beliefs: ["keyCredentialLimit"],
    run: async (probe) => {
      const certificate = await probe.workplace.options.certificates.first();
      await putKeys(
        probe,
        Array.from({ length: 1001 }, () => keyCredentialOf(certificate)),
      );
    },
  },
  {
    id: "secrets",
    title: "A secret is added, read, removed, and removed again",
    run: async (probe) => {
      const { id } = await own.application(probe.workplace, "secrets");
      const added = await probe.ask("POST", `/v1.0/applications/${id}/addPassword`, {
        passwordCredential: { displayName: "jobs" },
      });
      await probe.ask("GET", `/v1.0/applications/${id}?$select=passwordCredentials`);
      const removal = { keyId: own.textAt(added, "keyId") };
      await probe.ask("POST", `/v1.0/applications/${id}/removePassword`, removal);
      await probe.ask("POST", `/v1.0/applications/${id}/removePassword`, removal);
    },
  },
  {
    id: "instanceLock",
    title: "Credentials of a service principal whose application locks them",
    beliefs: ["instanceLock"],
    run: async (probe) => {
      const more = { servicePrincipalLockConfiguration: everyLock };
      const { principalId } = await own.principal(probe.workplace, "locked", more);
      const [certificate] = await both(probe);
      const path = `/v1.0/servicePrincipals/${principalId}`;
      await probe.ask("POST", `${path}/addPassword`, {});
      await probe.ask("PATCH", path, { keyCredentials: [keyCredentialOf(certificate)] });
      await probe.ask("PATCH", path, { keyCredentials: [] });
    },
  },
  {
    id: "instanceLockByDefault",
    title: "The lock of a new application",
    beliefs: ["instanceLockByDefault"],
    fits: ({ appInstanceLock }) => appInstanceLock,
    run: async (probe) => {
      const { id } = await own.plain(probe.workplace);
      await probe.ask("GET", `/v1.0/applications/${id}?$select=servicePrincipalLockConfiguration`);
    },
  },
  {
    id: "managersAndExpressions",
    title: "Manager applications, and a federated credential with an expression",
    beliefs: ["managersAndExpressions"],
    run: async (probe) => {
      const { id } = await own.application(probe.workplace, "expressions");
      const { appId } = await own.plain(probe.workplace);
      const path = `/applications/${id}`;
      await probe.ask("PATCH", `/v1.0${path}`, { managerApplications: [appId] });
      await probe.ask("GET", `/beta${path}?$select=managerApplications`);
      const expression = { value: "claims['sub'] matches 'repo:example/*'", languageVersion: 1 };
      await probe.ask("POST", `/beta${path}/federatedIdentityCredentials`, {
        name: "expression",
        issuer: "https://token.actions.githubusercontent.com",
        audiences: ["api://AzureADTokenExchange"],
        claimsMatchingExpression: expression,
      });
      await probe.ask("GET", `/v1.0${path}/federatedIdentityCredentials`);
    },
  },
  {
    id: "federationOfServicePrincipals",
    title: "A federated credential on a service principal",
    beliefs: ["federationOfServicePrincipals"],
    run: async (probe) => {
      const { principalId } = await own.principal(probe.workplace, "workload");
      const path = `/v1.0/servicePrincipals/${principalId}/federatedIdentityCredentials`;
      await probe.ask("POST", path, {
        name: "conformance",
        issuer: "https://token.actions.githubusercontent.com",
        subject: "repo:example/conformance:ref:refs/heads/main",
        audiences: ["api://AzureADTokenExchange"],
      });
      await probe.ask("GET", path);
    },
  },
  {
    id: "missingLogo",
    title: "The logo of an application that has none",
    beliefs: ["missingLogo"],
    run: async (probe) => {
      const { id } = await own.plain(probe.workplace);
      await probe.ask("GET", `/v1.0/applications/${id}/logo`);
    },
  },
  {
    id: "logoRefusal",
    title: "A logo that is a text",
    beliefs: ["logoRefusal"],
    run: async (probe) => {
      const { id } = await own.plain(probe.workplace);
      const raw = { type: "text/plain", content: "no picture" };
      await probe.ask("PUT", `/v1.0/applications/${id}/logo`, undefined, { raw });
    },
  },
  {
    id: "trustedAuthorityCode",
    title: "A self-signed certificate against an application's own policy",
    beliefs: ["trustedAuthorityCode"],
    options: ["policies"],
    run: async (probe) => {
      const { workplace } = probe;
      const { id } = await own.application(workplace, "restricted");
      const displayName = `${workplace.options.mark} policy`;
      const { id: policyId } = await probe.create("appManagementPolicy", "policy", displayName, {
        displayName,
        isEnabled: true,
        restrictions: {
          keyCredentials: [
            {
              restrictionType: "trustedCertificateAuthority",
              certificateBasedApplicationConfigurationIds: ["99999999-9999-4999-8999-999999999999"],
              state: "enabled",
            },
          ],
        },
      });
      const server = workplace.options.target.endpoints.graph.url;
      const policy = { "@odata.id": `${server}/v1.0/policies/appManagementPolicies/${policyId}` };
      await probe.ask("POST", `/v1.0/applications/${id}/appManagementPolicies/$ref`, policy);
      const [certificate] = await both(probe);
      await probe.ask("PATCH", `/v1.0/applications/${id}`, {
        keyCredentials: [keyCredentialOf(certificate)],
      });
    },
  },
];

async function both({ workplace: { options } }: Probe) {
  return [await options.certificates.first(), await options.certificates.second()] as const;
}

/** Writes certificates to the plain application, which Graph is expected to refuse. */
async function putKeys(probe: Probe, keyCredentials: readonly JsonObject[]): Promise<void> {
  const { id } = await own.application(probe.workplace, `keys${probe.seen.length}`);
  await probe.ask("PATCH", `/v1.0/applications/${id}`, { keyCredentials });
}
