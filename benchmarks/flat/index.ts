// What somebody writes who follows the plugins' pages, resource by resource, with what those pages do not warn of.
import * as azuread from "@pulumi/azuread";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

const exchangeAppId = "00000002-0000-0ff1-ce00-000000000000";
const manageAsApp = "dc50a0fb-09a3-484d-be87-e023b12c6440";
const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";

const exchangeOnline = azuread.getServicePrincipalOutput({ clientId: exchangeAppId });
const domains = azuread.getDomainsOutput({ onlyInitial: true });

const application = new azuread.Application("flat", {
  displayName: "Flat",
  requiredResourceAccesses: [
    { resourceAppId: exchangeAppId, resourceAccesses: [{ id: manageAsApp, type: "Role" }] },
  ],
});
const servicePrincipal = new azuread.ServicePrincipal("flat", { clientId: application.clientId });
new azuread.AppRoleAssignment("flat", {
  appRoleId: manageAsApp,
  principalObjectId: servicePrincipal.objectId,
  resourceObjectId: exchangeOnline.objectId,
});
new azuread.DirectoryRoleAssignment("flat", {
  roleId: exchangeAdministrator,
  principalObjectId: servicePrincipal.objectId,
});

const key = new tls.PrivateKey("flat", { algorithm: "RSA", rsaBits: 2048 });
const certificate = new tls.SelfSignedCert("flat", {
  privateKeyPem: key.privateKeyPem,
  subject: { commonName: "Flat" },
  validityPeriodHours: 364 * 24,
  allowedUses: ["digital_signature", "key_encipherment", "client_auth"],
});
const keyId = new random.RandomUuid("flat");
new azuread.ApplicationCertificate("flat", {
  applicationId: application.id,
  keyId: keyId.result,
  type: "AsymmetricX509Cert",
  value: certificate.certPem,
  endDate: certificate.validityEndTime,
});
const pfxPassword = new random.RandomPassword("flat", { length: 32 });

export const appId = application.clientId;
export const certificatePem = certificate.certPem;
export const tenantDomain = domains.apply((found) => found.domains[0]?.domainName);
export const password = pfxPassword.result;
