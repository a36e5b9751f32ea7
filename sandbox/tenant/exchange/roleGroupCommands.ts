import { textOf, type Json, type JsonObject } from "../json.ts";
import { servicePrincipalOfApplication, type DirectoryEntity, type TenantState } from "../state.ts";
import { toGraphTime } from "../time.ts";
import type { ExchangeCommand } from "./command.ts";
import { alreadyExists, invalidCommand, objectNotFound } from "./errors.ts";
import { organizationManagers, roleGroupReaders } from "./roles.ts";

/** Built-in role groups of Exchange Online, by "Permissions in Exchange Online". */
const roleGroups = [
  "Compliance Management",
  "Discovery Management",
  "Help Desk",
  "Hygiene Management",
  "Organization Management",
  "Recipient Management",
  "Records Management",
  "Security Administrator",
  "Security Reader",
  "View-Only Organization Management",
];

const common = { service: "exchangeOnline" } as const;

/** Service principals as Exchange knows them, and the role groups that they can be members of. */
export const roleGroupCommands: readonly ExchangeCommand[] = [
  {
    ...common,
    name: "Get-ServicePrincipal",
    parameters: ["Identity"],
    roles: roleGroupReaders,
    run: ({ tenant, parameters }) =>
      parameters.Identity === undefined
        ? [...tenant.exchange.servicePrincipals.values()].map(presentPrincipal)
        : [presentPrincipal(findPrincipal(tenant, textOf(parameters.Identity)))],
  },
  {
    ...common,
    name: "New-ServicePrincipal",
    parameters: ["AppId", "ObjectId", "ServiceId", "DisplayName"],
    required: ["AppId", "ObjectId"],
    roles: organizationManagers,
    run: ({ tenant, parameters, now }) => [presentPrincipal(addPrincipal(tenant, parameters, now))],
  },
  {
    ...common,
    name: "Remove-ServicePrincipal",
    parameters: ["Identity", "Confirm"],
    required: ["Identity"],
    roles: organizationManagers,
    run: ({ tenant, parameters }) => {
      const { id } = findPrincipal(tenant, textOf(parameters.Identity));
      tenant.exchange.servicePrincipals.delete(id);
      tenant.exchange.roleGroupMembers = tenant.exchange.roleGroupMembers.filter(
        (member) => member.to !== id,
      );
      return [];
    },
  },
  {
    ...common,
    name: "Get-RoleGroup",
    parameters: ["Identity"],
    roles: roleGroupReaders,
    run: ({ tenant, parameters }) => {
      const names =
        parameters.Identity === undefined ? roleGroups : [findRoleGroup(textOf(parameters.Identity))];
      return names.map((name) => ({
        Name: name,
        Identity: name,
        Members: membersOf(tenant, name).map((member) => member.DisplayName ?? null),
      }));
    },
  },
  {
    ...common,
    name: "Get-RoleGroupMember",
    parameters: ["Identity", "ResultSize"],
    required: ["Identity"],
    roles: roleGroupReaders,
    run: ({ tenant, parameters }) => membersOf(tenant, findRoleGroup(textOf(parameters.Identity))),
  },
  {
    ...common,
    name: "Add-RoleGroupMember",
    parameters: ["Identity", "Member", "BypassSecurityGroupManagerCheck", "Confirm"],
    required: ["Identity", "Member"],
    roles: organizationManagers,
    run: ({ tenant, parameters }) => {
      const group = findRoleGroup(textOf(parameters.Identity));
      const { id } = findPrincipal(tenant, textOf(parameters.Member));
      if (membersOf(tenant, group).some((member) => member.ExternalDirectoryObjectId === id)) {
        throw alreadyExists(
          `The recipient "${textOf(parameters.Member)}" is already a member of the group "${group}".`,
        );
      }
      tenant.exchange.roleGroupMembers.push({ from: group, to: id });
      return [];
    },
  },
  {
    ...common,
    name: "Remove-RoleGroupMember",
    parameters: ["Identity", "Member", "BypassSecurityGroupManagerCheck", "Confirm"],
    required: ["Identity", "Member"],
    roles: organizationManagers,
    run: ({ tenant, parameters }) => {
      const group = findRoleGroup(textOf(parameters.Identity));
      const { id } = findPrincipal(tenant, textOf(parameters.Member));
      const members = tenant.exchange.roleGroupMembers;
      if (!members.some((member) => member.from === group && member.to === id))
        throw objectNotFound(textOf(parameters.Member));
      tenant.exchange.roleGroupMembers = members.filter(
        (member) => member.from !== group || member.to !== id,
      );
      return [];
    },
  },
];

/** `ObjectId` is the service principal's, not the application's; Exchange checks that they belong together. */
function addPrincipal(tenant: TenantState, parameters: JsonObject, now: Date): DirectoryEntity {
  const [appId, objectId] = [
    textOf(parameters.AppId).toLowerCase(),
    textOf(parameters.ObjectId).toLowerCase(),
  ];
  const principal = servicePrincipalOfApplication(tenant, appId);
  if (principal?.id !== objectId)
    throw invalidCommand(
      `The service principal with AppId "${appId}" and ObjectId "${objectId}" was not found in the directory.`,
    );
  if (tenant.exchange.servicePrincipals.has(objectId))
    throw alreadyExists(`The service principal "${objectId}" already exists.`);
  const known: DirectoryEntity = {
    id: objectId,
    appId,
    displayName: textOf(parameters.DisplayName) || principal.displayName,
    createdDateTime: toGraphTime(now),
  };
  tenant.exchange.servicePrincipals.set(objectId, known);
  return known;
}

function findPrincipal(tenant: TenantState, identity: string): DirectoryEntity {
  const wanted = identity.toLowerCase();
  for (const principal of tenant.exchange.servicePrincipals.values()) {
    const names = [principal.id, textOf(principal.appId), textOf(principal.displayName).toLowerCase()];
    if (names.includes(wanted)) return principal;
  }
  throw objectNotFound(identity);
}

function findRoleGroup(identity: string): string {
  const group = roleGroups.find((name) => name.toLowerCase() === identity.toLowerCase());
  if (group === undefined) throw objectNotFound(identity);
  return group;
}

function membersOf(tenant: TenantState, group: string): readonly JsonObject[] {
  return tenant.exchange.roleGroupMembers.flatMap(({ from, to }) => {
    const principal = from === group ? tenant.exchange.servicePrincipals.get(to) : undefined;
    return principal === undefined
      ? []
      : [
          {
            DisplayName: principal.displayName ?? null,
            ExternalDirectoryObjectId: to,
            RecipientType: "ServicePrincipal",
          },
        ];
  });
}

function presentPrincipal(principal: DirectoryEntity): Json {
  return {
    AppId: principal.appId ?? null,
    DisplayName: principal.displayName ?? null,
    Identity: principal.id,
    ObjectId: principal.id,
    WhenCreatedUTC: principal.createdDateTime ?? null,
  };
}
