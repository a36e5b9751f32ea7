import { isDeepStrictEqual } from "node:util";
import { textOf, type Json, type JsonObject } from "../json.ts";
import type { ManagementRoleAssignment, RoleStore } from "../state.ts";
import { toGraphTime } from "../time.ts";
import type { CommandInput, ExchangeCommand } from "./command.ts";
import { alreadyExists, type ExchangeError, invalidCommand, objectNotFound } from "./errors.ts";
import { assignmentGuid, roleGuid } from "./guids.ts";
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
    run: ({ tenant, store, service, parameters }) => {
      const { Identity: identity, RoleType: type } = parameters;
      const found =
        identity === undefined
          ? managementRoles(store, service)
          : [findRole(store, service, textOf(identity))];
      const isOfType = ({ roleType }: KnownRole): boolean =>
        type === undefined || roleType.toLowerCase() === textOf(type).toLowerCase();
      return found.filter(isOfType).map((role) => presentRole(role, [tenant, service]));
    },
  },
  {
    ...writing,
    name: "New-ManagementRole",
    parameters: ["Name", "Parent", "Confirm"],
    required: ["Name", "Parent"],
    run: ({ tenant, store, service, parameters }) => {
      const name = checkedName(textOf(parameters.Name), "role");
      if (managementRoles(store, service).some((role) => role.name.toLowerCase() === name.toLowerCase()))
        throw alreadyExists(`The name "${name}" is already being used. Please choose another name.`);
      const parent = findRole(store, service, textOf(parameters.Parent)).name;
      store.roles.set(name.toLowerCase(), { name, parent });
      return [presentRole(findRole(store, service, name), [tenant, service])];
    },
  },
  {
    ...reading,
    name: "Get-ManagementRoleAssignment",
    parameters: ["Identity", "RoleAssignee", "Role", "RoleAssigneeType", "Delegating", "Enabled"],
    run: (input) => {
      const { store, service, parameters } = input;
      if (parameters.Identity !== undefined) return [present(findAssignment(input), input)];
      return [...builtInAssignments(service), ...store.assignments.values()]
        .filter(assignmentsLike(input))
        .map((one) => present(one, input));
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
    run: (input) => [present(addAssignment(input), input)],
  },
  {
    ...writing,
    name: "Set-ManagementRoleAssignment",
    parameters: ["Identity", "Enabled", "Confirm"],
    required: ["Identity"],
    run: (input) => {
      const { isDisabled, ...assignment } = findAssignment(input);
      const { Enabled: enabled = isDisabled !== true } = input.parameters;
      const changed = { ...assignment, ...(enabled === false && { isDisabled: true }) };
      input.store.assignments.set(assignment.name.toLowerCase(), changed);
      return [];
    },
  },
  {
    ...writing,
    name: "Remove-ManagementRoleAssignment",
    parameters: ["Identity", "Confirm"],
    required: ["Identity"],
    run: (input) => {
      input.store.assignments.delete(findAssignment(input).name.toLowerCase());
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
  const given = {
    role,
    assignee,
    assigneeType: group === undefined ? "ServicePrincipal" : "RoleGroup",
    ...(parameters.Delegating === true && { isDelegating: true }),
    ...(scope === undefined ? {} : { customRecipientWriteScope: textOf(scope) }),
    ...(unit === undefined ? {} : { administrativeUnit: textOf(unit).toLowerCase() }),
  } as const;
  const name = checkedName(textOf(parameters.Name) || freeName(store, given), "role assignment");
  if (store.assignments.has(name.toLowerCase()))
    throw alreadyExists(`The name "${name}" is already being used. Please choose another name.`);
  const assignment: ManagementRoleAssignment = { name, ...given, since: toGraphTime(now) };
  store.assignments.set(name.toLowerCase(), assignment);
  return assignment;
}

/** A name that Exchange makes itself: role and assignee, with a number for another scope. */
function freeName(store: RoleStore, given: Omit<ManagementRoleAssignment, "name" | "since">): string {
  const isSame = (one: ManagementRoleAssignment): boolean =>
    isDeepStrictEqual({ ...one, name: "", since: "" }, { ...given, name: "", since: "" });
  const same = [...store.assignments.values()].find(isSame);
  if (same !== undefined) return same.name;
  const base = `${given.role}-${given.assignee}`;
  for (let number = 0; ; number += 1) {
    const suffix = number === 0 ? "" : `-${number}`;
    const name = `${base.slice(0, maxNameLength - suffix.length)}${suffix}`;
    if (!store.assignments.has(name.toLowerCase())) return name;
  }
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
function findAssignment({ tenant, store, service, parameters }: CommandInput): ManagementRoleAssignment {
  const identity = textOf(parameters.Identity).toLowerCase();
  const assignment =
    store.assignments.get(identity) ??
    [...store.assignments.values()].find((one) => assignmentGuid([tenant, service], one) === identity);
  if (assignment === undefined) throw objectNotFound(textOf(parameters.Identity));
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

/** Which assignments a `Get-ManagementRoleAssignment` asks for. @throws ExchangeError */
function assignmentsLike({
  store,
  service,
  parameters,
}: CommandInput): (assignment: ManagementRoleAssignment) => boolean {
  const { Role, RoleAssignee, RoleAssigneeType, Delegating, Enabled } = parameters;
  const role = Role === undefined ? undefined : findRole(store, service, textOf(Role)).name;
  const assignee =
    RoleAssignee === undefined ? undefined : findAssignee(store, service, textOf(RoleAssignee));
  const type = RoleAssigneeType === undefined ? undefined : textOf(RoleAssigneeType).toLowerCase();
  return (one) =>
    (role === undefined || one.role === role) &&
    (assignee === undefined || one.assignee === assignee) &&
    (type === undefined || one.assigneeType.toLowerCase() === type) &&
    (Delegating === undefined || (one.isDelegating ?? false) === Delegating) &&
    (Enabled === undefined || (one.isDisabled ?? false) !== Enabled);
}

function presentRole({ name, parent, roleType }: KnownRole, place: Parameters<typeof roleGuid>[0]): Json {
  return {
    Name: name,
    Identity: name,
    Guid: roleGuid(place, name),
    RoleType: roleType,
    Parent: parent ?? "",
    IsRootRole: parent === undefined,
  };
}

function present(assignment: ManagementRoleAssignment, { tenant, store, service }: CommandInput): Json {
  const {
    name,
    role,
    assignee,
    assigneeType,
    isDelegating,
    isDisabled,
    customRecipientWriteScope,
    administrativeUnit,
  } = assignment;
  const scope = writeScope(customRecipientWriteScope, administrativeUnit);
  const assigneeName = store.servicePrincipals.get(assignee)?.displayName ?? assignee;
  return {
    Name: name,
    Identity: name,
    Guid: assignmentGuid([tenant, service], assignment),
    Role: role,
    RoleAssignee: assignee,
    RoleAssigneeName: assigneeName,
    RoleAssigneeType: assigneeType,
    RoleAssignmentDelegationType: isDelegating === true ? "DelegatingOrgWide" : "Regular",
    AssignmentMethod: "Direct",
    Enabled: isDisabled !== true,
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
