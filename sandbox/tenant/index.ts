export type { RequestLogEntry } from "./requestLog.ts";
export {
  defaultDeployerPermissions,
  defaultSeed,
  type DeployerSeed,
  type TenantSeed,
  type UserSeed,
} from "./seed.ts";
export { startTenantServer, type TenantServer, type TenantServerOptions } from "./server.ts";
