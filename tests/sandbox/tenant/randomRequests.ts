import fc from "fast-check";
import type { PropertyTable, Property } from "../../../sandbox/tenant/model/property.ts";
import { graphRoutes } from "../../../sandbox/tenant/graph/routes.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../sandbox/tenant/json.ts";
import type { Answer, Sent, TestTenant } from "./client.ts";

/** A request as anybody might send it: mostly to routes that exist, with ids of objects that do, and wrong in any way. */
export interface RandomRequest {
  readonly method: string;
  /** With `{id}` where the id of some object goes. */
  readonly path: string;
  readonly body: Json | undefined;
  readonly raw: string | undefined;
  /** Whether the deployer's token goes with it. */
  readonly isSignedIn: boolean;
  /** Which of the known objects `{id}` is. */
  readonly pick: number;
}

const propertyNames = [
  ...new Set(graphRoutes.flatMap((route) => Object.keys(route.type.properties))),
  "@odata.type",
  "@odata.id",
  "owners@odata.bind",
  "passwordCredential",
  "keyCredential",
  "proof",
  "requests",
  "__proto__",
  "constructor",
];

const value: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(
      null,
      true,
      false,
      "",
      "/",
      "AsymmetricX509Cert",
      "Verify",
      "enabled",
      "P30D",
      "2027-01-01T00:00:00Z",
    ),
    fc.constantFrom<Json>(
      "29232cdf-9323-42fd-ade2-1d097af3e4de",
      "dc50a0fb-09a3-484d-be87-e023b12c6440",
      "{id}",
    ),
    fc.string({ maxLength: 300 }),
    fc.integer(),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...propertyNames), tie("json"), { maxKeys: 6 }),
  ),
})).json;

/** A value as a property takes it, or, now and then, any other. */
function valueOf(property: Property): fc.Arbitrary<Json> {
  const one = property.collection ? fc.array(scalarOf(property), { maxLength: 2 }) : scalarOf(property);
  return fc.oneof({ weight: 9, arbitrary: one }, { weight: 1, arbitrary: value });
}

function scalarOf(property: Property): fc.Arbitrary<Json> {
  if (property.values !== undefined) return fc.constantFrom(...property.values);
  if (property.kind === "record") return bodyOf(property.properties ?? {});
  return {
    string: fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom("/", "main", "new@contoso.onmicrosoft.com", "AsymmetricX509Cert", "Verify"),
    ),
    guid: fc.constantFrom(
      "{id}",
      "{id}",
      "29232cdf-9323-42fd-ade2-1d097af3e4de",
      "dc50a0fb-09a3-484d-be87-e023b12c6440",
    ),
    boolean: fc.boolean(),
    integer: fc.integer({ min: -5, max: 5 }),
    dateTime: fc.constantFrom("2026-11-23T08:00:00Z", "2027-11-23T08:00:00Z", "2001-01-01T00:00:00Z"),
    duration: fc.constantFrom("P30D", "P1Y2M", "PT5M"),
    any: value,
  }[property.kind];
}

/** What a body of these properties may be: the required ones mostly, and a few of the others. */
function bodyOf(properties: PropertyTable): fc.Arbitrary<JsonObject> {
  const settable = Object.entries(properties).filter(
    ([, property]) => property.writable === "always" || property.writable === "create",
  );
  const required = settable.filter(([, property]) => property.required).map(([name]) => name);
  const all = Object.fromEntries(settable.map(([name, property]) => [name, valueOf(property)]));
  return fc
    .tuple(
      fc.record(all),
      fc.subarray(
        settable.map(([name]) => name),
        { maxLength: Math.min(4, settable.length) },
      ),
      fc.integer({ min: 0, max: 9 }),
    )
    .map(([values, chosen, drawn]) => {
      const names = new Set([...chosen, ...(drawn > 0 ? required : [])]);
      return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
    });
}

const query = fc.oneof(
  { weight: 4, arbitrary: fc.constant("") },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom("$select", "$filter", "$top", "$count", "$orderby", "$skiptoken", "$expand", "color"),
        fc.oneof(
          fc.constantFrom("id", "displayName", "displayName eq 'Jobs'", "tags/any(t:t eq 'a')", "5", "true"),
          fc.string({ maxLength: 60 }),
        ),
      )
      .map(([name, text]) => `?${name}=${encodeURIComponent(text)}`),
  },
);

const references = fc.constant<JsonObject>({ "@odata.id": "https://localhost/v1.0/directoryObjects/{id}" });
const onRoutes = fc.constantFrom(...graphRoutes).chain((route) =>
  fc.record({
    method: fc.constant<string>(route.method),
    path: query.map(
      (what) => `/${route.versions?.at(-1) ?? "v1.0"}${route.path.replaceAll(/:\w+/g, "{id}")}${what}`,
    ),
    body:
      route.takesBody === true
        ? route.path.endsWith("/$ref")
          ? references
          : bodyOf(route.type.properties)
        : fc.constant(undefined),
  }),
);
const elsewhere = fc.record({
  method: fc.constantFrom("GET", "POST", "PATCH", "DELETE", "PUT"),
  path: fc.oneof(
    fc.constantFrom(
      "/v1.0/$batch",
      "/adminapi/beta/{id}/InvokeCommand",
      "/{id}/oauth2/v2.0/token",
      "/metadata/endpoints",
    ),
    fc.webPath(),
  ),
  body: fc.option(fc.dictionary(fc.constantFrom(...propertyNames), value, { maxKeys: 8 }), {
    nil: undefined,
  }),
});

/** Any request. */
export const anyRequest: fc.Arbitrary<RandomRequest> = fc
  .tuple(
    fc.oneof({ weight: 9, arbitrary: onRoutes }, { weight: 1, arbitrary: elsewhere }),
    fc.record({
      raw: fc.option(fc.string({ maxLength: 200 }), { nil: undefined, freq: 2 }),
      isSignedIn: fc.integer({ min: 0, max: 19 }).map((drawn) => drawn > 0),
      pick: fc.nat(1000),
    }),
  )
  .map(([request, rest]) => ({
    ...request,
    ...rest,
    raw: rest.raw === undefined || rest.pick % 10 > 0 ? undefined : rest.raw,
  }));

/** Sends a random request, and says what is wrong with the answer; undefined where nothing is. */
export async function faultOf(
  tenant: TestTenant,
  ids: string[],
  random: RandomRequest,
): Promise<string | undefined> {
  const id = ids[random.pick % ids.length] ?? "none";
  const fill = (text: string): string => text.replaceAll("{id}", id);
  const sent: Sent = {
    ...(random.isSignedIn ? { token: await tenant.deployerToken() } : {}),
    ...(random.method === "GET" || random.body === undefined
      ? {}
      : { body: JSON.parse(fill(JSON.stringify(random.body))) }),
    ...(random.method === "GET" || random.raw === undefined
      ? {}
      : { raw: { type: "application/json", text: random.raw } }),
  };
  const answer = await tenant.send(random.method, fill(random.path), sent);
  if (answer.status === 201 && typeof answer.body.id === "string") ids.push(answer.body.id);
  return problemIn(answer);
}

/** An answer that is not one: a crash, or an error in no API's shape. */
function problemIn(answer: Answer): string | undefined {
  if (answer.status === 500 || answer.status < 200) return `${answer.status}: ${answer.text}`;
  if (answer.status < 400 || answer.text === "") return undefined;
  const { error } = answer.body;
  const isToken = typeof error === "string" && Array.isArray(answer.body.error_codes);
  const isGraph = isJsonObject(error) && typeof error.code === "string" && typeof error.message === "string";
  return isToken || isGraph ? undefined : `${answer.status} in no API's shape: ${answer.text}`;
}
