import { textOf } from "../json.ts";
import type { ExchangeCommand } from "./command.ts";
import { configurationViews, readers, withProvingRoles } from "./roles.ts";

/** The organization and its domains. */
export const organizationCommands: readonly ExchangeCommand[] = [
  {
    name: "Get-OrganizationConfig",
    services: ["exchangeOnline"],
    parameters: [],
    roles: readers,
    managementRoles: withProvingRoles("Get-OrganizationConfig", configurationViews),
    run: ({ tenant }) => [
      {
        Name: tenant.initialDomain,
        DisplayName: tenant.displayName,
        Identity: tenant.initialDomain,
        Guid: tenant.id,
        ExternalDirectoryOrganizationId: tenant.id,
        IsDehydrated: false,
        AuditDisabled: false,
      },
    ],
  },
  {
    name: "Get-AcceptedDomain",
    services: ["exchangeOnline"],
    parameters: ["Identity", "ResultSize"],
    roles: readers,
    managementRoles: withProvingRoles("Get-AcceptedDomain", configurationViews),
    run: ({ tenant, parameters }) =>
      [...tenant.domains.values()]
        .filter(
          (domain) =>
            parameters.Identity === undefined || domain.id === textOf(parameters.Identity).toLowerCase(),
        )
        .map((domain) => ({
          Name: domain.id,
          DomainName: domain.id,
          Identity: domain.id,
          DomainType: "Authoritative",
          Default: domain.isDefault ?? false,
          InitialDomain: domain.isInitial ?? false,
          IsValid: true,
        })),
  },
];
