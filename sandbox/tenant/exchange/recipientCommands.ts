import { textOf, type Json, type JsonObject } from "../json.ts";
import type { DirectoryEntity, TenantState } from "../state.ts";
import type { ExchangeCommand } from "./command.ts";
import { objectNotFound, outOfWriteScope } from "./errors.ts";
import { readers, recipientManagers, recipientViews, withProvingRoles } from "./roles.ts";

/** Mailboxes: every user of a licensed tenant has one. */
export const recipientCommands: readonly ExchangeCommand[] = [
  {
    name: "Get-Mailbox",
    services: ["exchangeOnline"],
    parameters: ["Identity", "ResultSize"],
    roles: readers,
    managementRoles: withProvingRoles("Get-Mailbox", recipientViews),
    run: ({ tenant, parameters }) => findMailboxes(tenant, parameters).map(present),
  },
  {
    name: "Set-Mailbox",
    services: ["exchangeOnline"],
    parameters: ["Identity", "DisplayName"],
    required: ["Identity"],
    roles: recipientManagers,
    managementRoles: ["Mail Recipients"],
    run: ({ tenant, parameters, mayWrite }) => {
      for (const user of findMailboxes(tenant, parameters)) {
        if (!mayWrite(user)) throw outOfWriteScope(textOf(user.mailNickname));
        if (parameters.DisplayName !== undefined) user.displayName = textOf(parameters.DisplayName);
      }
      return [];
    },
  },
];

function findMailboxes(tenant: TenantState, parameters: JsonObject): readonly DirectoryEntity[] {
  const mailboxes = [...tenant.users.values()].filter((user) => user.mail !== null);
  if (parameters.Identity === undefined) return mailboxes;
  const identity = textOf(parameters.Identity).toLowerCase();
  const found = mailboxes.filter((user) => namesOf(user).includes(identity));
  if (found.length === 0) throw objectNotFound(textOf(parameters.Identity));
  return found;
}

function namesOf(user: DirectoryEntity): readonly string[] {
  return [user.id, user.userPrincipalName, user.mail, user.mailNickname].map((name) =>
    textOf(name).toLowerCase(),
  );
}

function present(user: DirectoryEntity): Json {
  return {
    Identity: user.mailNickname ?? null,
    DisplayName: user.displayName ?? null,
    ExternalDirectoryObjectId: user.id,
    PrimarySmtpAddress: user.mail ?? null,
    UserPrincipalName: user.userPrincipalName ?? null,
    RecipientTypeDetails: "UserMailbox",
  };
}
