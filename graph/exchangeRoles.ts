import * as v from "valibot";
import type { ExchangeClient } from "./exchange.ts";

/** A role group, with whoever is in it where that was asked for. */
export interface RoleGroup {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** Whether anybody may be in it. */
  readonly hasMembers: boolean;
}

/** Somebody in a role group, by everything that Exchange tells of them. */
export interface RoleGroupMember {
  /** What Exchange shows. Anybody may choose it. */
  readonly displayName: string;
  /**
   * Texts of which one is the object ID, in lower case, where it is a service principal or a user of Entra. The first is the
   * surest, and the last a name, which anybody may choose.
   */
  readonly ids: readonly string[];
}

/** A service principal of Entra that a service of Exchange's knows. */
export interface KnownPrincipal {
  /** Of the service principal in Entra. Whoever made it known has written it. */
  readonly objectId: string;
  readonly displayName: string;
}

/** A management role that somebody holds directly. */
export interface RoleAssignment {
  readonly name: string;
  readonly role: string;
  /** As in `Organization`, `CustomRecipientScope` or `AdministrativeUnit`; empty where Exchange does not say. */
  readonly scopeKind: string;
  /** The name of a management scope, or an administrative unit; empty where there is none. */
  readonly scope: string;
  /** As in `RoleGroup` or `ServicePrincipal`; empty where Exchange does not say. */
  readonly assigneeType: string;
  /** Texts in lower case of which one is who holds it: a role group's name, or a service principal's object ID. */
  readonly assignees: readonly string[];
  /** Whether it lets its holder give the role to others and to itself. */
  readonly isDelegating: boolean;
  /** Whether somebody has disabled it, so that it gives nothing until it is enabled again. */
  readonly isDisabled: boolean;
}

/** A management scope of Exchange Online. */
export interface ManagementScope {
  readonly name: string;
  readonly recipientFilter: string;
}

/** A cmdlet that changes who may do what, with what it is given. */
export interface RoleCommand {
  readonly cmdlet: string;
  readonly parameters: Readonly<Record<string, string | boolean>>;
}

/** Who may do what in one service, as its cmdlets tell it. Each reads or throws ApiError or SignInError. */
export interface RoleReader {
  /** Every service principal that the service knows. No other one can be in a role group. */
  principals(): Promise<readonly KnownPrincipal[]>;
  /** The display name of a service principal in the service; undefined where the service does not know it. */
  principal(objectId: string): Promise<string | undefined>;
  groups(): Promise<readonly RoleGroup[]>;
  members(group: string): Promise<readonly RoleGroupMember[]>;
  /** @param assignee a role group's name, or a service principal's object id */
  assignments(assignee: string): Promise<readonly RoleAssignment[]>;
  /** Everybody's. */
  allAssignments(): Promise<readonly RoleAssignment[]>;
  /** The names of the role "Role Management" and of every role that was derived from it. */
  roleManagementRoles(): Promise<readonly string[]>;
  scopes(): Promise<readonly ManagementScope[]>;
}

const text = v.nullish(v.string(), "");
const Principal = v.object({ ObjectId: text, DisplayName: text });
const Group = v.object({
  Name: v.string(),
  DisplayName: text,
  Description: text,
  Members: v.nullish(v.array(v.unknown())),
});
const Member = v.object({
  DisplayName: text,
  Name: text,
  Identity: text,
  Guid: text,
  ExternalDirectoryObjectId: text,
});
const Assignment = v.object({
  Name: v.string(),
  Role: v.string(),
  RoleAssignee: text,
  RoleAssigneeName: text,
  RoleAssigneeType: text,
  RoleAssignmentDelegationType: text,
  RecipientWriteScope: text,
  CustomRecipientWriteScope: text,
  CustomResourceScope: text,
  Enabled: v.optional(v.unknown()),
});
const Role = v.object({ Name: v.string() });
const Scope = v.object({ Name: v.string(), RecipientFilter: text });

/** Reads with the cmdlets of Microsoft's PowerShell module. "View-Only Configuration" may run all of them. */
export function createRoleReader(client: ExchangeClient): RoleReader {
  const principals = async (): Promise<readonly KnownPrincipal[]> => {
    const all = await client.invoke("Get-ServicePrincipal", {}, Principal);
    return all.map(({ ObjectId, DisplayName }) => ({
      objectId: ObjectId.toLowerCase(),
      displayName: DisplayName,
    }));
  };
  const assignments = async (about: {
    readonly RoleAssignee?: string;
  }): Promise<readonly RoleAssignment[]> => {
    const all = await client.invoke("Get-ManagementRoleAssignment", about, Assignment);
    return all.map((one) => ({
      name: one.Name,
      role: one.Role,
      scopeKind: one.RecipientWriteScope,
      scope: one.CustomRecipientWriteScope || one.CustomResourceScope,
      assigneeType: one.RoleAssigneeType,
      assignees: [one.RoleAssignee, one.RoleAssigneeName].map((assignee) => assignee.toLowerCase()),
      isDelegating: /^delegating/i.test(one.RoleAssignmentDelegationType),
      // A form that nobody documents does not keep the rest from being read.
      isDisabled: String(one.Enabled).toLowerCase() === "false",
    }));
  };
  return {
    principals,
    async principal(objectId) {
      // Whether one is missing is asked of the list: the error for one by name has no code to tell it by.
      return (await principals()).find((one) => one.objectId === objectId.toLowerCase())?.displayName;
    },
    async groups() {
      const all = await client.invoke("Get-RoleGroup", { ResultSize: "Unlimited" }, Group);
      return all.map((group) => ({
        name: group.Name,
        displayName: group.DisplayName || group.Name,
        description: group.Description,
        // Who does not say it may have some.
        hasMembers: group.Members?.length !== 0,
      }));
    },
    async members(group) {
      const all = await client.invoke(
        "Get-RoleGroupMember",
        { Identity: group, ResultSize: "Unlimited" },
        Member,
      );
      return all.map(({ DisplayName, Name, Identity, Guid, ExternalDirectoryObjectId }) => ({
        displayName: DisplayName || Name,
        ids: [ExternalDirectoryObjectId, Guid, Identity, Name].map((id) => id.toLowerCase()),
      }));
    },
    assignments: (assignee) => assignments({ RoleAssignee: assignee }),
    allAssignments: () => assignments({}),
    async roleManagementRoles() {
      const all = await client.invoke("Get-ManagementRole", { RoleType: "RoleManagement" }, Role);
      return all.map(({ Name }) => Name);
    },
    async scopes() {
      const all = await client.invoke("Get-ManagementScope", {}, Scope);
      return all.map((scope) => ({ name: scope.Name, recipientFilter: scope.RecipientFilter }));
    },
  };
}

/** Runs a cmdlet whose output says nothing that is needed. @throws ApiError, SignInError */
export async function runRoleCommand(
  client: ExchangeClient,
  { cmdlet, parameters }: RoleCommand,
): Promise<void> {
  await client.invoke(cmdlet, parameters, v.unknown());
}
