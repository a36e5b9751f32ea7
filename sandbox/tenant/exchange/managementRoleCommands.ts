import { textOf, type Json, type JsonObject } from "../json.ts";
import type { ManagementRoleAssignment, RoleStore } from "../state.ts";
import { toGraphTime } from "../time.ts";
import type { CommandInput, ExchangeCommand } from "./command.ts";
import { alreadyExists, type ExchangeError, invalidCommand, objectNotFound } from "./errors.ts";
import { checkedName, maxNameLength, reading, writing } from "./roleManagement.ts";
import {
  builtInAssignments,
  findRoleGroup,
  findServicePrincipal,
  type KnownRole,
  managementRoles,
} from "./roleStore.ts";

/** Management roles, and who holds them. */
export const managementRoleCommands: readonly ExchangeCommand[] = [
  {
    ...reading,
    name: "Get-ManagementRole",
    parameters: ["Identity", "RoleType"],
    run: ({ store, service, parameters }) => {
      const { Identity: identity, RoleType: type } = parameters;
      const found =
        identity === undefined
          ? managementRoles(store, service)
          : [findRole(store, service, textOf(identity))];
      const isOfType = ({ roleType }: KnownRole): boolean =>
        type === undefined || roleType.toLowerCase() === textOf(type).toLowerCase();
      return found.filter(isOfType).map(presentRole);
    },
  },
  {
    ...writing,
    name: "New-ManagementRole",
    parameters: ["Name", "Parent", "Confirm"],
    required: ["Name", "Parent"],
    run: ({ store, service, parameters }) => {
      const name = checkedName(textOf(parameters.Name), "role");
      if (managementRoles(store, service).some((role) => role.name.toLowerCase() === name.toLowerCase()))
        throw alreadyExists(`The name "${name}" is already being used. Please choose another name.`);
      const parent = findRole(store, service, textOf(parameters.Parent)).name;
      store.roles.set(name.toLowerCase(), { name, parent });
      return [presentRole(findRole(store, service, name))];
    },
  },
  {
    ...reading,
    name: "Get-ManagementRoleAssignment",
    parameters: ["Identity", "RoleAssignee"],
    run: ({ store, service, parameters }) => {
      if (parameters.Identity !== undefined)
        return [present(findAssignment(store, textOf(parameters.Identity)), store)];
      const all = [...builtInAssignments(service), ...store.assignments.values()];
      if (parameters.RoleAssignee === undefined) return all.map((one) => present(one, store));
      const assignee = findAssignee(store, service, textOf(parameters.RoleAssignee));
      return all.filter((one) => one.assignee === assignee).map((one) => present(one, store));
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
      "Delegating",
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
  const role = findRole(store, service, textOf(parameters.Role)).name;
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
    ...(parameters.Delegating === true && { isDelegating: true }),
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
function findRole(store: RoleStore, service: CommandInput["service"], identity: string): KnownRole {
  const role = managementRoles(store, service).find(
    ({ name }) => name.toLowerCase() === identity.toLowerCase(),
  );
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

function presentRole({ name, parent, roleType }: KnownRole): Json {
  return {
    Name: name,
    Identity: name,
    RoleType: roleType,
    Parent: parent ?? "",
    IsRootRole: parent === undefined,
  };
}

function present(
  {
    name,
    role,
    assignee,
    assigneeType,
    isDelegating,
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
    RoleAssignmentDelegationType: isDelegating === true ? "DelegatingOrgWide" : "Regular",
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
