import type { Caller } from "../accessToken.ts";
import { textOf, type Json, type JsonObject } from "../json.ts";
import type { TenantState } from "../state.ts";
import type { ExchangeService } from "./services.ts";

/** What a command is run with. */
export interface CommandInput {
  readonly tenant: TenantState;
  readonly caller: Caller;
  readonly parameters: JsonObject;
}

/** One cmdlet of the Exchange admin API. */
export interface ExchangeCommand {
  readonly name: string;
  readonly services: readonly ExchangeService[];
  readonly parameters: readonly string[];
  readonly run: (input: CommandInput) => readonly Json[];
}

/** Every cmdlet that this tenant knows. */
export const commands: readonly ExchangeCommand[] = [
  {
    name: "Get-OrganizationConfig",
    services: ["exchangeOnline"],
    parameters: [],
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
    parameters: ["Identity"],
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
