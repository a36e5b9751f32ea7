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

/** A command that a caller's directory roles do not cover. */
export function forbiddenCommand(name: string): ExchangeError {
  return new ExchangeError(
    403,
    "Forbidden",
    `The operation couldn't be performed because the cmdlet '${name}' isn't available to the directory roles of the application.`,
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
