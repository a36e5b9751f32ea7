import type { Observation } from "./observation.ts";

/** One thing in which two answers to one request differ. */
export interface Difference {
  /** The request, with labels in place of IDs. */
  readonly request: string;
  /** What differs: `status`, `code`, `words`, `header NAME`, or a property's name. */
  readonly what: string;
  /** What the sandbox answers; undefined for nothing. */
  readonly sandbox: string | undefined;
  /** What the tenant answers; undefined for nothing. */
  readonly tenant: string | undefined;
}

/** How two answers are compared. */
export interface Comparing {
  /** Whether the tenant's answer can have properties that the sandbox's does not have. @default false */
  readonly allowsMore?: boolean;
}

/** Compares the answers of two tenants to the same requests, in their order. */
export function compareRuns(
  sandbox: readonly Observation[],
  tenant: readonly Observation[],
  comparing: Comparing = {},
): readonly Difference[] {
  const found = tenant.flatMap((seen, index) => {
    const wanted = sandbox[index];
    if (wanted === undefined || wanted.request !== seen.request) {
      return [{ request: seen.request, what: "request", sandbox: wanted?.request, tenant: seen.request }];
    }
    return compareAnswers(wanted, seen, comparing);
  });
  const missing = sandbox
    .slice(tenant.length)
    .map(({ request }) => ({ request, what: "request", sandbox: request, tenant: undefined }));
  return [...found, ...missing];
}

/** Compares two answers to one request: a status tells all about an error but its code and words. */
export function compareAnswers(
  sandbox: Observation,
  tenant: Observation,
  { allowsMore = false }: Comparing = {},
): readonly Difference[] {
  const { request } = sandbox;
  const differs = (what: string, ofSandbox: string | undefined, ofTenant: string | undefined): Difference[] =>
    ofSandbox === ofTenant ? [] : [{ request, what, sandbox: ofSandbox, tenant: ofTenant }];
  const status = differs("status", String(sandbox.status), String(tenant.status));
  const code = differs("code", sandbox.code, tenant.code);
  if (status.length > 0) return [...status, ...code];
  const headers = namesOf(sandbox.headers, tenant.headers).flatMap((name) =>
    differs(`header ${name}`, sandbox.headers[name], tenant.headers[name]),
  );
  const words = code.length > 0 ? [] : differs("words", sandbox.words, tenant.words);
  const properties = namesOf(sandbox.forms, tenant.forms).flatMap((name) => {
    const [wanted, seen] = [sandbox.forms[name], tenant.forms[name]];
    if (wanted === undefined && allowsMore) return [];
    if (!sandbox.isForeign) return differs(name, wanted?.join(" or "), seen?.join(" or "));
    return isExplained(name, sandbox, tenant) ? [] : differs(name, typesOf(wanted), typesOf(seen));
  });
  return [...code, ...words, ...headers, ...properties];
}

function namesOf(one: object, other: object): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].toSorted();
}

/** In a list of what a tenant has, only a property that one side never has, or of another type, says something. */
function isExplained(name: string, sandbox: Observation, tenant: Observation): boolean {
  const [wanted, seen] = [sandbox.forms[name], tenant.forms[name]];
  // How much there is, and whether there is a next page.
  if (name === "@odata.nextLink" || name === "value") return true;
  if (wanted === undefined || seen === undefined) {
    // A part of something that is null, empty or not there on the other side.
    const other = wanted === undefined ? sandbox : tenant;
    return !isShownWhole(name, other);
  }
  const [wantedTypes, seenTypes] = [typesOf(wanted), typesOf(seen)];
  return (
    wantedTypes === "" ||
    (seenTypes ?? "").split(" or ").every((type) => type === "" || wantedTypes?.includes(type))
  );
}

/** Whether an answer shows the object that a property belongs to, so that its absence says something. */
function isShownWhole(name: string, { forms }: Observation): boolean {
  const parent = name.replace(/(?:\[\]|\.[^.[]*)$/, "");
  const prefix = parent === name ? "" : `${parent}.`;
  return prefix === "" || Object.keys(forms).some((other) => other.startsWith(prefix) && other !== name);
}

/** The types of some forms, without null; a list that tells nobody what is in it. */
function typesOf(forms: readonly string[] | undefined): string | undefined {
  const types = forms
    ?.filter((form) => form !== "null" && form !== "nothing in it")
    .map((form) => {
      if (form === "number") return form;
      return form === "true" || form === "false" ? "boolean" : "text";
    });
  return types && [...new Set(types)].toSorted().join(" or ");
}
