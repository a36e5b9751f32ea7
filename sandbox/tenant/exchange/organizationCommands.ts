import { textOf } from "../json.ts";
import type { ExchangeCommand } from "./command.ts";
import { readers } from "./roles.ts";

/** The organization and its domains. */
export const organizationCommands: readonly ExchangeCommand[] = [
  {
    name: "Get-OrganizationConfig",
    service: "exchangeOnline",
    parameters: [],
    roles: readers,
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
    service: "exchangeOnline",
    parameters: ["Identity", "ResultSize"],
    roles: readers,
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
