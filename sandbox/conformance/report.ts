import * as v from "valibot";
import { Cloud } from "../../microsoft/clouds.ts";
import type { Difference } from "./compare.ts";
import { caseOptions, type CaseOption, type TenantKind } from "./conformanceCase.ts";
import type { CaseResult } from "./runCases.ts";

/** What a run found out, as it can be sent to the project: nothing in it names a tenant, a person or an object. */
export type Report = v.InferOutput<typeof Report>;

const Text = v.pipe(v.string(), v.maxLength(300));
const outcomes = [
  "same",
  "different",
  "notPermitted",
  "notPrepared",
  "notAsked",
  "notFitting",
  "notReached",
] as const;

/** The form of a report. */
export const Report = v.strictObject({
  schemaVersion: v.literal(1),
  /** The day of the run, as `2026-11-28`. */
  day: v.pipe(v.string(), v.isoDate()),
  /** The version of exchange-auth that it was compared with. */
  version: Text,
  /** Whose tenant it was. */
  server: v.picklist(["microsoft", "other"]),
  kind: v.strictObject({
    cloud: v.picklist(Object.values(Cloud)),
    exchange: v.boolean(),
    exchangeOnlineProtection: v.boolean(),
    entraIdP2: v.boolean(),
    appInstanceLock: v.boolean(),
  }),
  readsOnly: v.boolean(),
  options: v.array(v.picklist(Object.keys(caseOptions) as CaseOption[])),
  requests: v.number(),
  minutes: v.number(),
  /** How many objects could not be deleted. */
  left: v.number(),
  cases: v.array(
    v.strictObject({
      id: Text,
      outcome: v.picklist(outcomes),
      /** How long an answer took to be as expected, in seconds. */
      seconds: v.number(),
      request: v.exactOptional(Text),
      differences: v.array(
        v.strictObject({ request: Text, what: Text, sandbox: v.nullable(Text), tenant: v.nullable(Text) }),
      ),
    }),
  ),
});

/** A run, before it is made into a report. */
export interface FinishedRun extends Pick<
  Report,
  "day" | "version" | "server" | "readsOnly" | "options" | "requests" | "minutes" | "left"
> {
  readonly kind: TenantKind;
  readonly results: readonly CaseResult[];
}

/** Makes the report of a run. @param names what it must not have, as whole words or in them */
export function reportOf({ results, ...run }: FinishedRun, names: readonly string[]): Report {
  const clean = (text: string): boolean =>
    !names.some((name) => text.toLowerCase().includes(name.toLowerCase()));
  const request = (text: string): string => {
    const short = text.replaceAll(guid, "<guid>").slice(0, 300);
    return clean(short) && !/https?:/.test(short) ? short : "a request";
  };
  return {
    schemaVersion: 1,
    ...run,
    cases: results.map(({ differences, request: about, ...result }) => ({
      ...result,
      ...(about === undefined ? {} : { request: request(about) }),
      differences: differences.map((difference) => redacted(difference, request, clean)),
    })),
  };
}

const guid = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/gi;

function redacted(
  { request, what, sandbox, tenant }: Difference,
  cleanRequest: (text: string) => string,
  clean: (text: string) => boolean,
): Report["cases"][number]["differences"][number] {
  const value = (text: string | undefined): string | null => {
    if (text === undefined) return null;
    if (what === "words") return text === "" ? "no words" : "words";
    if (what === "request") return cleanRequest(text);
    return text
      .split(" or ")
      .map((form) => (isNameless(form) && clean(form) ? form : "other text"))
      .join(" or ")
      .slice(0, 300);
  };
  const isKnown = isProperty(what) && clean(what);
  const ofTenant = value(tenant);
  const ofSandbox = value(sandbox);
  return {
    request: cleanRequest(request),
    what: isKnown ? what : "a property",
    sandbox: ofSandbox,
    tenant: what === "words" && ofTenant === ofSandbox ? "other words" : ofTenant,
  };
}

/** A form, a code or a status: words that services have for everybody. */
function isNameless(form: string): boolean {
  return (
    /^(?:"[#<]?[A-Za-z][\w.#<>= -]{0,60}"|<[\w. ]+>|[A-Za-z][\w /.+-]{0,80}|\d{1,5}|\d+ characters|)$/.test(
      form,
    ) && !domain.test(form.replaceAll("microsoft.graph.", ""))
  );
}

const domain = /\w\.(?:[a-z]{2,})\b/i;

/** What a property of a service is called; one that a tenant has defined is named after its application. */
function isProperty(what: string): boolean {
  return (
    /^(?:header )?[@A-Za-z][\w@.#-]*(?:\[\])*(?:\.[@A-Za-z][\w@.#-]*(?:\[\])*)*$/.test(what) &&
    !/extension_|^ext[a-z\d]{8}_/.test(what) &&
    what.length <= 120
  );
}
