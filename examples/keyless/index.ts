import { ExchangeAppOnlyAuth } from "exchange-auth";

const reports = new ExchangeAppOnlyAuth("reports", {
  displayName: "Mailbox reports",
  roles: ["Global Reader"],
  // No key, no certificate: nothing to steal, to export or to rotate.
  certificate: { generations: [] },
  federatedCredentials: [
    {
      name: "github-production",
      github: {
        repository: "contoso/reports",
        ownerId: "1234567",
        repositoryId: "89012345",
        environment: "production",
      },
    },
    {
      name: "azure-pipelines",
      azurePipelines: {
        issuer: "https://login.microsoftonline.com/a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47/v2.0",
        subject: "/eid1/c/pub/t/wvPUpx5rWE-cDS6LWpE_Rw/a/AbCdEf0123456789AbCdEf/sc/organization/connection",
      },
    },
    { name: "gitlab-main", gitlab: { project: "contoso/reports", branch: "main" } },
    {
      name: "cluster",
      kubernetes: {
        issuer: "https://oidc.cluster.contoso.com/",
        namespace: "reports",
        serviceAccount: "mailbox-reports",
      },
    },
  ],
});

export const { appId, tenantId, tenantDomain, connectExchangeOnline, connectIppsSession } = reports;
