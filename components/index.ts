// It must come first.
import "./supportedNode.ts";
export { AppCertificate, type AppCertificateArgs } from "./certificate/appCertificate.ts";
export type { ExchangeAppOnlyAuthArgs } from "./arguments/resolveArguments.ts";
export type { Certificate } from "./arguments/certificateArguments.ts";
export type { AzurePipelinesConnection } from "./arguments/federated/azurePipelines.ts";
export type { FederatedCredential } from "./arguments/federatedArguments.ts";
export type { GitHubJob } from "./arguments/federated/github.ts";
export type { GitLabJob } from "./arguments/federated/gitlab.ts";
export type { KubernetesPod } from "./arguments/federated/kubernetes.ts";
export type { CertificateGeneration } from "./arguments/generationArguments.ts";
export { Cloud } from "../microsoft/clouds.ts";
export { ExchangeAppOnlyAuth } from "./exchangeAppOnlyAuth.ts";
export { type ExchangeStackOutputs, readExchangeStack } from "./exchangeStack.ts";
export type { ApiPermission } from "./arguments/permissionArguments.ts";
export type { ExchangeRole } from "./arguments/exchangeAccessArguments.ts";
export type { TimedRole } from "./arguments/timedRoleArguments.ts";
export { PfxEncoding } from "./pfx/pfxContent.ts";
export type { UserRoleAssignment } from "./arguments/roleArguments.ts";
