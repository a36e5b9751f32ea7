import { textOf, type JsonObject } from "../json.ts";
import type { RoleStore } from "../state.ts";
import type { CommandInput, ExchangeCommand } from "./command.ts";
import { alreadyExists, invalidCommand, unmanageableGroup } from "./errors.ts";
import { addAssignment } from "./managementRoleCommands.ts";
import { addMember, membersOf } from "./roleGroupMemberCommands.ts";
import { checkedName, maxNameLength, reading, textsOf, writing } from "./roleManagement.ts";
import { assignmentsOf, findRoleGroup, type KnownRoleGroup, roleGroups } from "./roleStore.ts";

/** Role groups: the built-in ones, which stay, and the tenant's own. */
export const roleGroupCommands: readonly ExchangeCommand[] = [
  {
    ...reading,
    name: "Get-RoleGroup",
    parameters: ["Identity", "ResultSize"],
    run: (input) => {
      const { store, service, parameters } = input;
      const found =
        parameters.Identity === undefined
          ? roleGroups(store, service)
          : [findRoleGroup(store, service, textOf(parameters.Identity))];
      return found.map((group) => present(group, input));
    },
  },
  {
    ...writing,
    name: "New-RoleGroup",
    parameters: [
      "Name",
      "Description",
      "Roles",
      "Members",
      "ManagedBy",
      "CustomRecipientWriteScope",
      "Confirm",
    ],
    required: ["Name"],
    run: (input) => {
      const { store, service, parameters } = input;
      const name = checkedName(textOf(parameters.Name), "role group");
      requireFree(store, service, name);
      // Exchange makes whoever creates a group its manager, and an application is nobody who can be one.
      if (textsOf(parameters.ManagedBy).length === 0) throw unmanageableGroup(name);
      for (const manager of textsOf(parameters.ManagedBy)) findRoleGroup(store, service, manager);
      store.roleGroups.set(name.toLowerCase(), { name, description: textOf(parameters.Description) });
      for (const role of textsOf(parameters.Roles)) {
        const given = { Name: `${role}-${name}`.slice(0, maxNameLength), Role: role, SecurityGroup: name };
        const scope = parameters.CustomRecipientWriteScope;
        addAssignment({
          ...input,
          parameters: scope === undefined ? given : { ...given, CustomRecipientWriteScope: scope },
        });
      }
      for (const member of textsOf(parameters.Members)) addMember(input, name, member);
      return [present(findRoleGroup(store, service, name), input)];
    },
  },
  {
    ...writing,
    name: "Set-RoleGroup",
    parameters: ["Identity", "Name", "Description", "BypassSecurityGroupManagerCheck", "Confirm"],
    required: ["Identity"],
    run: ({ store, service, parameters }) => {
      const group = ownGroup(store, findRoleGroup(store, service, textOf(parameters.Identity)), "changed");
      if (parameters.Description !== undefined) group.description = textOf(parameters.Description);
      if (parameters.Name !== undefined) rename(store, service, group.name, textOf(parameters.Name));
      return [];
    },
  },
  {
    ...writing,
    name: "Remove-RoleGroup",
    parameters: ["Identity", "BypassSecurityGroupManagerCheck", "Confirm"],
    required: ["Identity"],
    run: ({ store, service, parameters }) => {
      const { name } = ownGroup(store, findRoleGroup(store, service, textOf(parameters.Identity)), "removed");
      store.roleGroups.delete(name.toLowerCase());
      store.members = store.members.filter(({ from }) => from !== name);
      for (const assignment of assignmentsOf(store, name))
        store.assignments.delete(assignment.name.toLowerCase());
      return [];
    },
  },
];

/** Its members and its roles stay. @throws ExchangeError */
function rename(store: RoleStore, service: CommandInput["service"], before: string, after: string): void {
  const name = checkedName(after, "role group");
  requireFree(store, service, name);
  const group = store.roleGroups.get(before.toLowerCase())!;
  store.roleGroups.delete(before.toLowerCase());
  store.roleGroups.set(name.toLowerCase(), { ...group, name });
  store.members = store.members.map((one) => (one.from === before ? { ...one, from: name } : one));
  for (const assignment of assignmentsOf(store, before))
    store.assignments.set(assignment.name.toLowerCase(), { ...assignment, assignee: name });
}

/** @throws ExchangeError where a role group has the name */
function requireFree(store: RoleStore, service: CommandInput["service"], name: string): void {
  if (roleGroups(store, service).some((group) => group.name.toLowerCase() === name.toLowerCase()))
    throw alreadyExists(`The name "${name}" is already being used. Please choose another name.`);
}

/** @throws ExchangeError where the group is built in */
function ownGroup(
  store: RoleStore,
  group: KnownRoleGroup,
  done: string,
): { name: string; description: string } {
  const own = store.roleGroups.get(group.name.toLowerCase());
  if (own === undefined)
    throw invalidCommand(`The role group "${group.name}" is a built-in role group and can't be ${done}.`);
  return own;
}

function present(group: KnownRoleGroup, { tenant, store }: CommandInput): JsonObject {
  const assignments = assignmentsOf(store, group.name);
  return {
    Name: group.name,
    DisplayName: group.displayName,
    Identity: group.name,
    Description: group.description,
    Members: membersOf(tenant, store, group.name).map(({ Name }) => Name ?? null),
    Roles: [...new Set([...group.roles, ...assignments.map(({ role }) => role)])],
    RoleAssignments: assignments.map(({ name }) => name),
  };
}
