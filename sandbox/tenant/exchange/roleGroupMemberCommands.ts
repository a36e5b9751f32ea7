import { textOf, type JsonObject } from "../json.ts";
import type { RoleStore, TenantState } from "../state.ts";
import { toGraphTime } from "../time.ts";
import type { CommandInput, ExchangeCommand } from "./command.ts";
import { alreadyExists, objectNotFound } from "./errors.ts";
import { reading, writing } from "./roleManagement.ts";
import { findMember, findRoleGroup } from "./roleStore.ts";

const changing = {
  ...writing,
  parameters: ["Identity", "Member", "BypassSecurityGroupManagerCheck", "Confirm"],
  required: ["Identity", "Member"],
};

/** The members of role groups: service principals that the service knows, and users. */
export const roleGroupMemberCommands: readonly ExchangeCommand[] = [
  {
    ...reading,
    name: "Get-RoleGroupMember",
    parameters: ["Identity", "ResultSize"],
    required: ["Identity"],
    run: ({ tenant, store, service, parameters }) =>
      membersOf(tenant, store, findRoleGroup(store, service, textOf(parameters.Identity)).name),
  },
  {
    ...changing,
    name: "Add-RoleGroupMember",
    run: (input) => {
      addMember(input, textOf(input.parameters.Identity), textOf(input.parameters.Member));
      return [];
    },
  },
  {
    ...changing,
    name: "Remove-RoleGroupMember",
    run: ({ tenant, store, service, parameters }) => {
      const { name } = findRoleGroup(store, service, textOf(parameters.Identity));
      const { id } = findMember(tenant, store, textOf(parameters.Member));
      if (!store.members.some(({ from, to }) => from === name && to === id))
        throw objectNotFound(textOf(parameters.Member));
      store.members = store.members.filter(({ from, to }) => from !== name || to !== id);
      return [];
    },
  },
];

/** Puts somebody into a role group. @throws ExchangeError */
export function addMember(
  { tenant, store, service, now }: CommandInput,
  identity: string,
  member: string,
): void {
  const { name } = findRoleGroup(store, service, identity);
  const { id } = findMember(tenant, store, member);
  if (store.members.some(({ from, to }) => from === name && to === id))
    throw alreadyExists(`The recipient "${member}" is already a member of the group "${name}".`);
  store.members.push({ from: name, to: id, since: toGraphTime(now) });
}

/** A group's members as Get-RoleGroupMember lists them. */
export function membersOf(tenant: TenantState, store: RoleStore, group: string): readonly JsonObject[] {
  return store.members.flatMap(({ from, to }) => {
    if (from !== group) return [];
    const principal = store.servicePrincipals.get(to);
    const member = principal ?? tenant.users.get(to);
    if (member === undefined) return [];
    return [
      {
        Name: principal === undefined ? textOf(member.mailNickname) : to,
        DisplayName: member.displayName ?? null,
        ExternalDirectoryObjectId: to,
        RecipientType: principal === undefined ? "UserMailbox" : "ServicePrincipal",
      },
    ];
  });
}
