/** The component's own types. Released names never change. */
export const componentType = "exchange-auth:index:ExchangeAppOnlyAuth";
export const appCertificateType = "exchange-auth:index:AppCertificate";

/** The types of the component's children, as azuread 6.9, tls 5.5 and random 4.21 name them. */
export const childTypes = {
  application: "azuread:index/application:Application",
  servicePrincipal: "azuread:index/servicePrincipal:ServicePrincipal",
  appRoleAssignment: "azuread:index/appRoleAssignment:AppRoleAssignment",
  directoryRoleAssignment: "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment",
  applicationCertificate: "azuread:index/applicationCertificate:ApplicationCertificate",
  federatedCredential:
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
  privateKey: "tls:index/privateKey:PrivateKey",
  selfSignedCert: "tls:index/selfSignedCert:SelfSignedCert",
  randomUuid: "random:index/randomUuid:RandomUuid",
  randomPassword: "random:index/randomPassword:RandomPassword",
} as const;
