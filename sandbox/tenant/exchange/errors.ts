import type { Json } from "../json.ts";

/** An error of the Exchange admin API. */
export class ExchangeError extends Error {
  readonly status: number;
  /** Undefined for an answer without content. */
  readonly code: string | undefined;

  constructor(status: number, code: string | undefined, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A token that is missing, invalid, for another resource or tenant, or without Exchange.ManageAsApp: 401 without content. */
export function unauthorized(): ExchangeError {
  return new ExchangeError(401, undefined, "Unauthorized");
}

/** A caller without a directory role that Exchange takes. */
export function forbiddenRole(appId: string): ExchangeError {
  return new ExchangeError(
    403,
    "Forbidden",
    `The role assigned to application ${appId} isn't supported in this scenario. Please check online documentation for ` +
      "assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication.",
  );
}

/** A command that does not exist, or that this tenant does not know. */
export function unknownCommand(name: string): ExchangeError {
  return new ExchangeError(
    400,
    "BadRequest",
    `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program.`,
  );
}

/** A command that none of a caller's roles covers. */
export function forbiddenCommand(name: string): ExchangeError {
  return new ExchangeError(403, "Forbidden", `User is not allowed to call ${name}`);
}

/** A recipient that none of the roles with which the caller may run a command lets it change. */
export function outOfWriteScope(identity: string): ExchangeError {
  return new ExchangeError(
    400,
    "BadRequest",
    `The operation on mailbox "${identity}" failed because it's out of the current user's write scope. '${identity}' isn't within your current write scopes. Can't perform save operation.`,
  );
}

/** A tenant without Exchange Online. */
export function tenantNotLicensed(tenantId: string): ExchangeError {
  return new ExchangeError(
    404,
    "ResourceNotFound",
    `The tenant for tenant guid '${tenantId}' does not exist.`,
  );
}

/** Something that a command names and that is not there. */
export function objectNotFound(identity: string): ExchangeError {
  return new ExchangeError(
    404,
    "NotFound",
    `The operation couldn't be performed because object '${identity}' couldn't be found.`,
  );
}

/** Something that is there already. */
export function alreadyExists(message: string): ExchangeError {
  return new ExchangeError(400, "BadRequest", message);
}

/** A role group whose creator, an application, cannot manage it, and for which no manager is named. */
export function unmanageableGroup(name: string): ExchangeError {
  return new ExchangeError(
    400,
    "BadRequest",
    `The group "${name}" can't be managed by recipient "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}". The owner of the group should have the following recipient type details: UserMailbox,LegacyMailbox,SharedMailbox,TeamMailbox,MailUser,LinkedMailbox,User,UniversalSecurityGroup,RoleGroup,MailUniversalSecurityGroup,LinkedUser`,
  );
}

/** A body that is no command. */
export function invalidCommand(message: string): ExchangeError {
  return new ExchangeError(400, "BadRequest", message);
}

/** The body of an error's answer. */
export function exchangeErrorBody(error: ExchangeError): Json {
  return {
    error: {
      code: error.code ?? "",
      message: error.message,
      details: [{ code: "Context", target: "", message: error.message }],
      innererror: {
        message: error.message,
        type: "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
        stacktrace: "",
        internalexception: {
          message: error.message,
          type: "Microsoft.Exchange.Configuration.Tasks.TaskException",
          stacktrace: "",
        },
      },
    },
  };
}
