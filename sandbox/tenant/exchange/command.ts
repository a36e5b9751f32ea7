import type { Json, JsonObject } from "../json.ts";
import type { DirectoryEntity, RoleStore, TenantState } from "../state.ts";
import type { ExchangeService } from "./services.ts";

/** What a command is run with. */
export interface CommandInput {
  readonly tenant: TenantState;
  /** Who may do what in the service that the command is for. */
  readonly store: RoleStore;
  readonly service: ExchangeService;
  /** By the names of the command's parameters, whatever case they came in. */
  readonly parameters: JsonObject;
  readonly now: Date;
  /** Whether the caller's roles let it change this recipient. */
  readonly mayWrite: (recipient: DirectoryEntity) => boolean;
}

/** One cmdlet of the Exchange admin API. */
export interface ExchangeCommand {
  readonly name: string;
  readonly services: readonly ExchangeService[];
  readonly parameters: readonly string[];
  /** Without which the command is refused. @default none */
  readonly required?: readonly string[];
  /** Directory roles by name of which one suffices. */
  readonly roles: readonly string[];
  /** The service's own management roles of which one suffices, too. */
  readonly managementRoles: readonly string[];
  readonly run: (input: CommandInput) => readonly Json[];
}
