import { isGuid } from "../../common/guid.ts";
import { isJsonObject, textOf, type Json, type JsonObject } from "../tenant/json.ts";
import type { Labels } from "./labels.ts";
import type { Answer } from "./target.ts";

/** What an answer says, without what differs from tenant to tenant. */
export interface Observation {
  /** The request, as in `PATCH /v1.0/applications/<jobs.application>`. */
  readonly request: string;
  /** 0 where no answer came. */
  readonly status: number;
  /** The error's code, or codes: Graph's, Exchange's, or OAuth's with the AADSTS numbers. */
  readonly code: string;
  /** The error's words with labels in them; never in a document. */
  readonly words: string;
  /** The headers that clients look at. */
  readonly headers: Readonly<Record<string, string>>;
  /** The forms of the values by the properties that have them, such as `keyCredentials[].type`: `"word"`, `<label>`, `guid`. */
  readonly forms: Readonly<Record<string, readonly string[]>>;
  /** Whether it lists what the tenant has besides: then only names and types of properties say something. */
  readonly isForeign: boolean;
  /** How long it took until the answer was as expected, or was given up, in seconds. */
  readonly seconds: number;
}

/** How an answer is looked at. */
export interface Looking {
  readonly request: string;
  readonly labels: Labels;
  readonly isForeign: boolean;
  readonly seconds: number;
}

/** Reads what an answer says. */
export function observe(answer: Answer, { request, labels, isForeign, seconds }: Looking): Observation {
  const { body, status } = answer;
  const error = isJsonObject(body) && status >= 400 ? errorOf(body) : { code: "", words: "" };
  const forms = new Map<string, Set<string>>();
  if (status < 400) collect(shown(body), "", labels, forms);
  return {
    request: labels.replace(request),
    status,
    code: error.code,
    words: withoutChance(labels.replace(error.words)),
    headers: headersOf(answer, labels),
    forms: Object.fromEntries([...forms].map(([name, found]) => [name, [...found].toSorted()])),
    isForeign,
    seconds,
  };
}

function errorOf(body: JsonObject): { code: string; words: string } {
  const { error } = body;
  if (isJsonObject(error)) return { code: textOf(error.code), words: textOf(error.message) };
  const numbers = Array.isArray(body.error_codes) ? body.error_codes.map((number) => `AADSTS${number}`) : [];
  const code = [textOf(error), ...numbers].join(" ");
  return { code, words: textOf(body.error_description) };
}

/** Words without the IDs and times that no two answers share. */
function withoutChance(words: string): string {
  return words
    .replace(/ Trace ID: .*$/s, "")
    .replace(/[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/gi, "<guid>")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>");
}

function headersOf({ headers }: Answer, labels: Labels): Record<string, string> {
  const type = headers["content-type"]?.split(";")[0];
  const challenge = headers["www-authenticate"]?.split(" ")[0];
  return {
    ...(type === undefined ? {} : { "content-type": type.toLowerCase() }),
    ...(challenge === undefined ? {} : { "www-authenticate": challenge }),
    ...(headers.location === undefined ? {} : { location: formOf("location", headers.location, labels) }),
  };
}

/** A token's claims in place of the token itself. */
function shown(body: Json | undefined): Json | undefined {
  if (!isJsonObject(body) || typeof body.access_token !== "string") return body;
  const [, payload = ""] = body.access_token.split(".");
  try {
    return { ...body, access_token: JSON.parse(Buffer.from(payload, "base64url").toString()) as Json };
  } catch {
    return body;
  }
}

function collect(
  value: Json | undefined,
  path: string,
  labels: Labels,
  forms: Map<string, Set<string>>,
): void {
  if (value === undefined) return;
  if (Array.isArray(value)) {
    if (value.length === 0) add(forms, path, "nothing in it");
    for (const item of value as readonly Json[]) collect(item, `${path}[]`, labels, forms);
  } else if (isJsonObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      collect(inner, path === "" ? name : `${path}.${name}`, labels, forms);
    }
  } else if (!Array.isArray(value))
    add(forms, path, formOf(path, value as null | boolean | number | string, labels));
}

function add(forms: Map<string, Set<string>>, path: string, form: string): void {
  forms.set(path, (forms.get(path) ?? new Set()).add(form));
}

/** Properties whose words are drawn at random. */
const random = /(?:^|\.)(?:hint|secretText|uti|aio|rh|xms_\w+|sid|tenant_region_scope)$/;

function formOf(path: string, value: null | boolean | number | string, labels: Labels): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return "number";
  const text = labels.replace(value);
  if (text === "") return "empty";
  if (isGuid(text)) return "guid";
  if (/^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(text)) return "time";
  if (/^\d{4}-\d\d-\d\dT[\d:]+\.\d+(?:Z|[+-]\d\d:\d\d)$/.test(text)) return "time with fractions";
  if (random.test(path)) return "random text";
  if (/^https?:/.test(text)) return "address";
  if (/(?:^|\.)(?:id|\w+Id)(?:\[\])*$/.test(path)) {
    const named = text.replaceAll(/[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/gi, "<guid>");
    return named.startsWith("<") ? named : `${text.length} characters`;
  }
  if (/^[\dA-F]{40}$/i.test(text)) return text === text.toUpperCase() ? "upper-case hex" : "hex";
  if (/^[#<A-Za-z][\w.#<>= -]{0,80}$/.test(text)) return JSON.stringify(text);
  return /^[\w+/=-]{40,}$/.test(text) ? "base64" : "text";
}
