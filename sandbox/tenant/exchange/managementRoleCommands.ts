import { textOf, type Json, type JsonObject } from "../json.ts";
import type { ManagementRoleAssignment, RoleStore } from "../state.ts";
import { toGraphTime } from "../time.ts";
import type { CommandInput, ExchangeCommand } from "./command.ts";
import { alreadyExists, type ExchangeError, invalidCommand, objectNotFound } from "./errors.ts";
import { checkedName, maxNameLength, reading, writing } from "./roleManagement.ts";
import { assignmentsOf, findRoleGroup, findServicePrincipal, managementRoles } from "./roleStore.ts";

/** Management roles, and who holds them. */
export const managementRoleCommands: readonly ExchangeCommand[] = [
  {
    ...reading,
    name: "Get-ManagementRole",
    parameters: ["Identity"],
    run: ({ service, parameters }) =>
      (parameters.Identity === undefined
        ? managementRoles[service]
        : [findRole(service, textOf(parameters.Identity))]
      ).map((name) => ({ Name: name, Identity: name })),
  },
  {
    ...reading,
    name: "Get-ManagementRoleAssignment",
    parameters: ["Identity", "RoleAssignee"],
    run: ({ store, service, parameters }) => {
      if (parameters.Identity !== undefined)
        return [present(findAssignment(store, textOf(parameters.Identity)), store)];
      if (parameters.RoleAssignee === undefined)
        return [...store.assignments.values()].map((one) => present(one, store));
      const assignee = findAssignee(store, service, textOf(parameters.RoleAssignee));
      return assignmentsOf(store, assignee).map((one) => present(one, store));
    },
  },
  {
    ...writing,
    name: "New-ManagementRoleAssignment",
    parameters: [
      "Name",
      "Role",
      "SecurityGroup",
      "App",
      "CustomRecipientWriteScope",
      "CustomResourceScope",
      "RecipientAdministrativeUnitScope",
      "Confirm",
    ],
    required: ["Role"],
    run: (input) => [present(addAssignment(input), input.store)],
  },
  {
    ...writing,
    name: "Remove-ManagementRoleAssignment",
    parameters: ["Identity", "Confirm"],
    required: ["Identity"],
    run: ({ store, parameters }) => {
      store.assignments.delete(findAssignment(store, textOf(parameters.Identity)).name.toLowerCase());
      return [];
    },
  },
];

/** Gives a role to a role group or a service principal. @throws ExchangeError */
export function addAssignment({
  tenant,
  store,
  service,
  parameters,
  now,
}: CommandInput): ManagementRoleAssignment {
  const { SecurityGroup: group, App: app } = parameters;
  if ((group === undefined) === (app === undefined)) throw ambiguousParameters();
  const role = findRole(service, textOf(parameters.Role));
  const scope = group === undefined ? parameters.CustomResourceScope : parameters.CustomRecipientWriteScope;
  const unit = parameters.RecipientAdministrativeUnitScope;
  const isOther = group === undefined ? parameters.CustomRecipientWriteScope : parameters.CustomResourceScope;
  if (isOther !== undefined || (scope !== undefined && unit !== undefined)) throw ambiguousParameters();
  if (scope !== undefined && !store.scopes.has(textOf(scope).toLowerCase()))
    throw objectNotFound(textOf(scope));
  if (unit !== undefined && !tenant.administrativeUnits.has(textOf(unit).toLowerCase()))
    throw objectNotFound(textOf(unit));
  const assignee =
    group === undefined
      ? findServicePrincipal(store, textOf(app)).id
      : findRoleGroup(store, service, textOf(group)).name;
  const name = checkedName(
    textOf(parameters.Name) || `${role}-${assignee}`.slice(0, maxNameLength),
    "role assignment",
  );
  if (store.assignments.has(name.toLowerCase()))
    throw alreadyExists(`The name "${name}" is already being used. Please choose another name.`);
  const assignment: ManagementRoleAssignment = {
    name,
    role,
    assignee,
    assigneeType: group === undefined ? "ServicePrincipal" : "RoleGroup",
    ...(scope === undefined ? {} : { customRecipientWriteScope: textOf(scope) }),
    ...(unit === undefined ? {} : { administrativeUnit: textOf(unit).toLowerCase() }),
    since: toGraphTime(now),
  };
  store.assignments.set(name.toLowerCase(), assignment);
  return assignment;
}

function ambiguousParameters(): ExchangeError {
  return invalidCommand("Parameter set cannot be resolved using the specified named parameters.");
}

/** @throws ExchangeError */
function findRole(service: CommandInput["service"], identity: string): string {
  const role = managementRoles[service].find((name) => name.toLowerCase() === identity.toLowerCase());
  if (role === undefined) throw objectNotFound(identity);
  return role;
}

/** @throws ExchangeError */
function findAssignment(store: RoleStore, identity: string): ManagementRoleAssignment {
  const assignment = store.assignments.get(identity.toLowerCase());
  if (assignment === undefined) throw objectNotFound(identity);
  return assignment;
}

/** @throws ExchangeError where it is neither a service principal nor a role group */
function findAssignee(store: RoleStore, service: CommandInput["service"], identity: string): string {
  try {
    return findServicePrincipal(store, identity).id;
  } catch {
    return findRoleGroup(store, service, identity).name;
  }
}

function present(
  {
    name,
    role,
    assignee,
    assigneeType,
    customRecipientWriteScope,
    administrativeUnit,
  }: ManagementRoleAssignment,
  store: RoleStore,
): Json {
  const scope = writeScope(customRecipientWriteScope, administrativeUnit);
  const assigneeName = store.servicePrincipals.get(assignee)?.displayName ?? assignee;
  return {
    Name: name,
    Identity: name,
    Role: role,
    RoleAssignee: assignee,
    RoleAssigneeName: assigneeName,
    RoleAssigneeType: assigneeType,
    AssignmentMethod: "Direct",
    Enabled: true,
    ...scope,
  };
}

/** An administrative unit stands where a management scope's name would. */
function writeScope(scope: string | undefined, unit: string | undefined): JsonObject {
  if (unit !== undefined)
    return { RecipientWriteScope: "AdministrativeUnit", CustomRecipientWriteScope: unit };
  if (scope === undefined) return { RecipientWriteScope: "Organization", CustomRecipientWriteScope: null };
  return { RecipientWriteScope: "CustomRecipientScope", CustomRecipientWriteScope: scope };
}
