import { badRequest } from "../graph/errors.ts";
import { type Json, type JsonObject, textOf } from "../json.ts";
import type { FaultAction, Faults } from "./faults.ts";

/** The kinds that can be asked for over HTTP: a promise cannot be sent. */
type AskedKind = Exclude<FaultAction["kind"], "holdAnswer">;

/** How a kind of fault is asked for. */
interface AskedFault {
  readonly read: (body: JsonObject) => FaultAction;
  /** What it needs besides the kind, and what it does where its name does not say it. */
  readonly description?: string;
}

const kinds: Readonly<Record<AskedKind, AskedFault>> = {
  refuse: {
    read: (body) => ({
      kind: "refuse",
      refusal: {
        status: numberOf(body, "status"),
        ...texts(body, ["code", "message", "rawBody"]),
        ...(typeof body.retryAfter === "number" ? { retryAfter: body.retryAfter } : {}),
      },
    }),
    description: "with `status`, and if wanted `code`, `message`, `retryAfter`, `rawBody`",
  },
  loseAnswer: { read: () => ({ kind: "loseAnswer" }) },
  dropConnection: { read: () => ({ kind: "dropConnection" }) },
  delay: { read: (body) => ({ kind: "delay", ms: numberOf(body, "ms") }), description: "with `ms`" },
  lag: {
    read: (body) => ({ kind: "lag", ms: numberOf(body, "ms") }),
    description: "with `ms`: new objects are not found",
  },
  lagClaims: {
    read: (body) => ({ kind: "lagClaims", ms: numberOf(body, "ms") }),
    description: "with `ms`: new permissions and roles are in no token",
  },
  conflict: {
    read: (body) => ({ kind: "conflict", ms: numberOf(body, "ms") }),
    description: "with `ms`: two quick writes to one application",
  },
};

/** What `POST /sandbox/faults` takes. */
export const faultProperties: readonly string[] = [
  "kind",
  "method",
  "path",
  "tenantId",
  "times",
  "ms",
  "status",
  "code",
  "message",
  "retryAfter",
  "rawBody",
];

/** The kinds for a page, each with what it needs. */
export const describedKinds = Object.entries(kinds)
  .map(([kind, { description }]) =>
    description === undefined ? `\`${kind}\`` : `\`${kind}\` (${description})`,
  )
  .join(", ");

/**
 * Sets the fault that a body asks for: `{"kind", "method", "path", "tenantId", "times"}` with what the kind needs.
 *
 * @throws GraphError 400, where the body asks for none
 */
export function addFault(faults: Faults, body: JsonObject): void {
  const matcher = {
    ...texts(body, ["method", "tenantId"]),
    ...(typeof body.path === "string" ? { path: patternOf(body.path) } : {}),
  };
  faults.add(matcher, actionOf(body), typeof body.times === "number" ? body.times : undefined);
}

function actionOf(body: JsonObject): FaultAction {
  const wanted = textOf(body.kind);
  const asked = Object.entries(kinds).find(([kind]) => kind === wanted);
  if (asked !== undefined) return asked[1].read(body);
  const names = Object.keys(kinds);
  const last = names.pop();
  throw badRequest(`The kind of a fault must be one of ${names.join(", ")} and ${last}, got "${wanted}".`);
}

function patternOf(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    throw badRequest(`The fault's \`path\` must be a regular expression, got "${source}".`);
  }
}

function numberOf(body: JsonObject, name: string): number {
  const value: Json | undefined = body[name];
  if (typeof value !== "number")
    throw badRequest(`The fault needs a number \`${name}\`, got ${JSON.stringify(value)}.`);
  return value;
}

function texts(body: JsonObject, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (typeof body[name] === "string" ? [[name, body[name]]] : [])),
  );
}
