export { furtherIdentities } from "./furtherIdentities.ts";
export type { Clock } from "./clock.ts";
export type { Fault, FaultAction, Faults } from "./faults/faults.ts";
export type { RequestMatcher } from "./faults/matcher.ts";
export type { Refusal } from "./faults/refusal.ts";
export type { Unkindness } from "./faults/unkindness.ts";
export type { IssuerKeys } from "./signIn/federatedAssertion.ts";
export type { RequestLogEntry } from "./requestLog.ts";
export {
  defaultSeed,
  type DeployerSeed,
  type IdentitySeed,
  type TenantSeed,
  type UserSeed,
} from "./tenantSeed.ts";
export { readSeedFile } from "./seedFile.ts";
export { startTenantServer, type TenantServer, type TenantServerOptions } from "./server.ts";
