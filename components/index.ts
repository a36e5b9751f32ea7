export { AppCertificate, type AppCertificateArgs } from "./appCertificate.ts";
export type { ExchangeAppOnlyAuthArgs } from "./arguments.ts";
export type { CertificateArgs, CertificateGenerationArgs } from "./certificateArguments.ts";
export { Cloud } from "./clouds.ts";
export { ExchangeAppOnlyAuth } from "./exchangeAppOnlyAuth.ts";
export { type ExchangeStackOutputs, readExchangeStack } from "./exchangeStack.ts";
export type { ApiPermissionArgs } from "./permissionArguments.ts";
export { PfxEncoding } from "./pfxContent.ts";
export type { UserRoleAssignmentArgs } from "./roleArguments.ts";
