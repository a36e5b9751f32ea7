// It must come first.
import "./supportedNode.ts";
export { AppCertificate, type AppCertificateArgs } from "./certificate/appCertificate.ts";
export type { ExchangeAppOnlyAuthArgs } from "./arguments/resolveArguments.ts";
export type { CertificateArgs } from "./arguments/certificateArguments.ts";
export type { AzurePipelinesConnectionArgs } from "./arguments/federated/azurePipelines.ts";
export type { FederatedCredentialArgs } from "./arguments/federatedArguments.ts";
export type { GitHubJobArgs } from "./arguments/federated/github.ts";
export type { GitLabJobArgs } from "./arguments/federated/gitlab.ts";
export type { KubernetesPodArgs } from "./arguments/federated/kubernetes.ts";
export type { CertificateGenerationArgs } from "./arguments/generationArguments.ts";
export { Cloud } from "../microsoft/clouds.ts";
export { ExchangeAppOnlyAuth } from "./exchangeAppOnlyAuth.ts";
export { type ExchangeStackOutputs, readExchangeStack } from "./exchangeStack.ts";
export type { ApiPermissionArgs } from "./arguments/permissionArguments.ts";
export type { ExchangeRoleArgs } from "./arguments/exchangeAccessArguments.ts";
export { PfxEncoding } from "./pfx/pfxContent.ts";
export type { UserRoleAssignmentArgs } from "./arguments/roleArguments.ts";
