import type { ExchangeCommand } from "./command.ts";
import { readers, withProvingRoles } from "./roles.ts";

/** Cmdlets that list settings of which this tenant has none. Whoever may read the configuration may run them. */
export const settingCommands: readonly ExchangeCommand[] = [
  "Get-ActiveSyncDeviceAccessRule",
  "Get-AddressList",
  "Get-ArcConfig",
  "Get-EmailAddressPolicy",
  "Get-HostedContentFilterPolicy",
  "Get-JournalRule",
  "Get-OrganizationRelationship",
  "Get-OwaMailboxPolicy",
  "Get-TransportRule",
].map((name) => ({
  name,
  services: ["exchangeOnline"],
  parameters: [],
  roles: readers,
  managementRoles: withProvingRoles(name, ["View-Only Configuration"]),
  run: () => [],
}));
