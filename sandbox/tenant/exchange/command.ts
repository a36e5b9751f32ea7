import type { Json, JsonObject } from "../json.ts";
import type { TenantState } from "../state.ts";
import type { ExchangeService } from "./services.ts";

/** What a command is run with. */
export interface CommandInput {
  readonly tenant: TenantState;
  /** By the names of the command's parameters, whatever case they came in. */
  readonly parameters: JsonObject;
  readonly now: Date;
}

/** One cmdlet of the Exchange admin API. */
export interface ExchangeCommand {
  readonly name: string;
  readonly service: ExchangeService;
  readonly parameters: readonly string[];
  /** Without which the command is refused. @default none */
  readonly required?: readonly string[];
  /** Directory roles by name of which one suffices. */
  readonly roles: readonly string[];
  readonly run: (input: CommandInput) => readonly Json[];
}
