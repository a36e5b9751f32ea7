import { malformedRequest, missingParameter, severalResources, scopeWithoutDefault } from "./tokenError.ts";

/** A parameter of a token request. @throws TokenError where it is missing or empty */
export function parameter(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === "") throw missingParameter(name);
  return value;
}

const knownParameters = new Set([
  "client_id",
  "client_secret",
  "client_assertion",
  "client_assertion_type",
  "grant_type",
  "scope",
  "client_info",
  "claims",
  "client-request-id",
  "x-client-SKU",
  "x-client-VER",
  "x-client-OS",
  "x-client-CPU",
  "x-ms-lib-capability",
  "x-client-current-telemetry",
  "x-client-last-telemetry",
  "x-app-name",
  "x-app-ver",
]);

/** MSAL sends parameters of its own beside OAuth's; whatever else is there is somebody's mistake. */
export function checkParameterNames(form: URLSearchParams): void {
  for (const name of form.keys()) {
    if (!knownParameters.has(name)) throw malformedRequest(`The parameter '${name}' is not known.`);
    if (form.getAll(name).length > 1) throw malformedRequest(`The parameter '${name}' is duplicated.`);
  }
}

/** The resource of a scope such as `https://graph.microsoft.com/.default`. @throws TokenError */
export function audienceOf(scope: string): string {
  const suffix = "/.default";
  const scopes = scope
    .split(" ")
    .filter((item) => item !== "" && !["openid", "profile", "offline_access"].includes(item));
  const [only = scope] = scopes;
  if (scopes.length > 1) throw severalResources(scope);
  if (!only.endsWith(suffix) || only.length === suffix.length) throw scopeWithoutDefault(scope);
  return only.slice(0, -suffix.length);
}
