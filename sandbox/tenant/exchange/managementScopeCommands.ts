import { textOf, type Json } from "../json.ts";
import type { ManagementScope, RoleStore } from "../state.ts";
import type { ExchangeCommand } from "./command.ts";
import { alreadyExists, invalidCommand, objectNotFound } from "./errors.ts";
import { checkFilter } from "./recipientFilter.ts";
import { checkedName, exchangeOnly, reading, writing } from "./roleManagement.ts";

/** Management scopes: the recipients that a role assignment may be limited to. */
export const managementScopeCommands: readonly ExchangeCommand[] = [
  {
    ...reading,
    ...exchangeOnly,
    name: "Get-ManagementScope",
    parameters: ["Identity"],
    run: ({ store, parameters }) =>
      parameters.Identity === undefined
        ? [...store.scopes.values()].map(present)
        : [present(findScope(store, textOf(parameters.Identity)))],
  },
  {
    ...writing,
    ...exchangeOnly,
    name: "New-ManagementScope",
    parameters: ["Name", "RecipientRestrictionFilter", "Confirm"],
    required: ["Name", "RecipientRestrictionFilter"],
    run: ({ store, parameters }) => {
      const name = checkedName(textOf(parameters.Name), "management scope");
      const recipientFilter = textOf(parameters.RecipientRestrictionFilter);
      if (store.scopes.has(name.toLowerCase()))
        throw alreadyExists(`The name "${name}" is already being used. Please choose another name.`);
      checkFilter(recipientFilter);
      const scope = { name, recipientFilter };
      store.scopes.set(name.toLowerCase(), scope);
      return [present(scope)];
    },
  },
  {
    ...writing,
    ...exchangeOnly,
    name: "Set-ManagementScope",
    parameters: ["Identity", "RecipientRestrictionFilter", "Confirm"],
    required: ["Identity"],
    run: ({ store, parameters }) => {
      const scope = findScope(store, textOf(parameters.Identity));
      if (parameters.RecipientRestrictionFilter === undefined) return [];
      const filter = textOf(parameters.RecipientRestrictionFilter);
      checkFilter(filter);
      scope.recipientFilter = filter;
      return [];
    },
  },
  {
    ...writing,
    ...exchangeOnly,
    name: "Remove-ManagementScope",
    parameters: ["Identity", "Confirm"],
    required: ["Identity"],
    run: ({ store, parameters }) => {
      const { name } = findScope(store, textOf(parameters.Identity));
      const users = [...store.assignments.values()].filter(
        ({ customRecipientWriteScope: used = "" }) => used.toLowerCase() === name.toLowerCase(),
      );
      if (users.length > 0) {
        throw invalidCommand(
          `The scope "${name}" can't be removed because these management role assignments use it: ${users.map((one) => one.name).join(", ")}.`,
        );
      }
      store.scopes.delete(name.toLowerCase());
      return [];
    },
  },
];

/** @throws ExchangeError */
function findScope(store: RoleStore, identity: string): ManagementScope {
  const scope = store.scopes.get(identity.toLowerCase());
  if (scope === undefined) throw objectNotFound(identity);
  return scope;
}

function present({ name, recipientFilter }: ManagementScope): Json {
  return {
    Name: name,
    Identity: name,
    RecipientFilter: recipientFilter,
    ScopeRestrictionType: "RecipientScope",
  };
}
