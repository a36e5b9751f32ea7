import { generateKeyPairSync } from "node:crypto";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { azuread } from "../../../sandbox/plugins/azuread/plugin.ts";
import type { PluginDefinition } from "../../../sandbox/plugins/protocol/resource.ts";
import { random } from "../../../sandbox/plugins/random/plugin.ts";
import { tls } from "../../../sandbox/plugins/tls/plugin.ts";
import { startPlugin, type Answer, type PluginClient } from "./pluginClient.ts";
import {
  recordedCalls,
  recordedRequests,
  scenarios,
  type JsonObject,
  type RecordedCall,
} from "./recordings.ts";
import { startReplay } from "./replay.ts";

/** Types and functions of the recorded program that have no stand-in, and the requests that are theirs. */
const otherTypes = new Set(["DirectoryRole", "AdministrativeUnit", "getDirectoryRoleTemplates"]);
const otherRequests =
  /^\/(v1\.0|beta)\/((directory\/)?administrativeUnits|directoryRoles|directoryRoleTemplates)\b/;

const definitions: Readonly<Record<string, PluginDefinition<never>>> = { azuread, random, tls } as never;

/** The recorded private keys are masked: where one goes in, a real one takes its place. */
const [realKey, otherKey] = [newKey(), newKey()];

beforeEach(() => {
  vi.stubEnv("SANDBOX_TIME", "2026-11-23T01:49:26Z");
  for (const name of ["TENANT_ID", "CLIENT_ID", "CLIENT_SECRET", "METADATA_HOSTNAME"])
    vi.stubEnv(`ARM_${name}`, undefined);
});
afterEach(() => vi.unstubAllEnvs());

describe.each(scenarios)("%s", (scenario) => {
  const calls = recordedCalls(scenario).filter((call) => !otherTypes.has(shortName(call)));

  it.each(["random", "tls"])("%s answers each call as the official plugin did", async (name) => {
    const plugin = await startPlugin(definitions[name] ?? random);
    try {
      for (const call of calls.filter((item) => pluginOf(item) === name)) {
        const answer = await plugin.call(call.call, withRealKeys(call));
        const official = expected({ ...call, ...withRealResponse(call) });
        expect(named(call, comparable(given(answer), call))).toEqual(named(call, comparable(official, call)));
      }
    } finally {
      plugin.close();
    }
  });

  it("azuread answers each call and sends the tenant the same requests in the same order", async () => {
    const requests = recordedRequests(scenario).filter((entry) => !otherRequests.test(entry.path));
    const replay = await startReplay(requests);
    const first = requests.find((entry) => entry.path.endsWith("/token"));
    const form = new URLSearchParams(String(first?.request));
    vi.stubEnv("ARM_METADATA_HOSTNAME", replay.host);
    vi.stubEnv("ARM_TENANT_ID", first?.path.split("/")[1]);
    vi.stubEnv("ARM_CLIENT_ID", form.get("client_id") ?? "");
    vi.stubEnv("ARM_CLIENT_SECRET", form.get("client_secret") ?? "");
    const plugin: PluginClient = await startPlugin(azuread);
    try {
      for (const call of calls.filter((item) => pluginOf(item) === "azuread")) {
        const answer = await plugin.call(call.call, call.request);
        expect(replay.unexpected).toEqual([]);
        expect(named(call, replay.takeDisorder())).toEqual(named(call, []));
        expect(named(call, JSON.parse(replay.recorded(JSON.stringify(given(answer)))))).toEqual(
          named(call, expected(call)),
        );
      }
      expect(replay.unused()).toEqual([]);
    } finally {
      plugin.close();
      await replay.close();
    }
  });
});

/** What the official plugin answered, in the form of the stand-in's answer. */
function expected(call: RecordedCall): unknown {
  if (call.errors !== undefined)
    return { error: call.errors.map((text) => text.replace(/^rpc error: code = Unknown desc = /, "")) };
  return { response: readable(expectedResponse(call)) };
}

function given(answer: Answer): unknown {
  if (answer.error !== undefined) return { error: [answer.error] };
  return { response: readable(answer.response) };
}

/** What is made at random counts only by its kind and length. */
function comparable(answer: unknown, call: RecordedCall): unknown {
  return call.call === "Create" ? shapeOf(answer) : answer;
}

function expectedResponse(call: RecordedCall): unknown {
  if (shortName(call) !== "getApplicationPublishedAppIds") return call.response;
  // The stand-in knows only some of Microsoft's applications.
  const known = [
    "MicrosoftGraph",
    "Office365ExchangeOnline",
    "Office365ExchangeOnlineProtection",
    "Office365Management",
    "Office365SharePointOnline",
  ];
  const all = call.response?.["return"] as { id: string; result: Record<string, string> };
  return {
    return: { id: all.id, result: Object.fromEntries(known.map((name) => [name, all.result[name]])) },
  };
}

/** The response with its metadata, which is JSON in a string, as an object. */
function readable(response: unknown): unknown {
  return JSON.parse(JSON.stringify(response ?? {}), (name, value: unknown) =>
    name === "__meta" && typeof value === "string" ? JSON.parse(value) : value,
  );
}

const madeUp = new Set(
  `id result bcryptHash base64 hex b64Std b64Url dec certPem validityStartTime validityEndTime privateKeyOpenssh
  privateKeyPem privateKeyPemPkcs8 publicKeyOpenssh publicKeyPem publicKeyFingerprintMd5
  publicKeyFingerprintSha256`.split(/\s+/),
);

function shapeOf(response: unknown): unknown {
  return JSON.parse(JSON.stringify(response), (name, value: unknown) => {
    if (!madeUp.has(name)) return value;
    if (typeof value === "string") return formOf(value);
    const secret = typeof value === "object" && value !== null && "value" in value;
    return secret ? { ...value, value: formOf(String(value.value)) } : value;
  });
}

/** What kind of text it is. Masked keys and random texts have no more in common than this. */
function formOf(text: string): string {
  const pem = /-----BEGIN ([A-Z ]+)-----/.exec(text)?.[1];
  if (pem !== undefined) return `PEM ${pem}`;
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6,9}Z$/.test(text)) return "time with nanoseconds";
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return "UUID";
  if (/^[0-9a-f]{2}(:[0-9a-f]{2}){15}$/.test(text)) return "MD5";
  if (/^\d{30,39}$/.test(text)) return "serial number";
  if (/^\d{17,20}$/.test(text)) return "64-bit number";
  if (text.startsWith("ssh-rsa ")) return "SSH key";
  return `text of ${text.length}`;
}

function withRealKeys({ request, response }: RecordedCall): JsonObject {
  const diffs = response?.["diffs"];
  const differ = Array.isArray(diffs) && diffs.includes("privateKeyPem");
  return { ...withRealKey(request), ...(differ && { news: withRealKey(request["news"], otherKey) }) };
}

function withRealKey(message: unknown, key = realKey): JsonObject {
  const mask = "-----BEGIN RSA PRIVATE KEY-----\n(masked)\n-----END RSA PRIVATE KEY-----\n";
  return JSON.parse(JSON.stringify(message), (_, value: unknown) => (value === mask ? key : value));
}

function newKey(): string {
  return generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ type: "pkcs1", format: "pem" })
    .toString();
}

function withRealResponse(call: RecordedCall): { response?: JsonObject } {
  return call.response === undefined ? {} : { response: withRealKey(call.response) };
}

/** So that a failed comparison says which call it is. */
function named(call: RecordedCall, value: unknown): unknown {
  return { call: `${call.call} ${shortName(call)}`, value };
}

function pluginOf(call: RecordedCall): string {
  const { type, tok } = call.request;
  const token = String(type ?? tok);
  return token.startsWith("pulumi:providers:")
    ? token.slice("pulumi:providers:".length)
    : (token.split(":")[0] ?? "");
}

function shortName(call: RecordedCall): string {
  const { type, tok } = call.request;
  return (
    String(type ?? tok)
      .split(":")
      .at(-1) ?? ""
  );
}
