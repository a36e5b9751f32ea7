import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isJsonObject, textOf, type Json, type JsonObject } from "../../../sandbox/tenant/json.ts";
import { claimsOf, startTestTenant, type Answer, type TestTenant } from "./client.ts";

/** One recorded request of the official azuread plugin, with the answer of the small Graph that it was recorded on. */
interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly request: Json;
  readonly status: number;
  readonly response: Json;
}

/** What a request was answered where that is not what was recorded. */
interface Deviation {
  readonly request: string;
  readonly recorded: number;
  readonly answered: number;
}

const recordedUrl = "https://localhost:8443";
const seed = {
  tenantId: "11111111-1111-4111-8111-111111111111",
  initialDomain: "contoso.onmicrosoft.com",
  domains: ["contoso.com"],
  deployer: {
    clientId: "22222222-2222-4222-8222-222222222222",
    clientSecret: "s",
    permissions: [
      "AdministrativeUnit.ReadWrite.All",
      "AppRoleAssignment.ReadWrite.All",
      "Application.ReadWrite.All",
      "Domain.Read.All",
      "RoleManagement.ReadWrite.Directory",
      "User.Read.All",
    ],
  },
  users: [
    {
      id: "33333333-3333-4333-8333-333333333333",
      userPrincipalName: "reports@contoso.com",
      displayName: "Reports",
    },
  ],
};

const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";

/** A role that has no scope smaller than the tenant; the recording's Graph let it pass. */
const refusedScope = {
  request: "POST /v1.0/roleManagement/directory/roleAssignments",
  recorded: 201,
  answered: 400,
};

test("every request of a stack's life is answered as the plugin needs it", async () => {
  const tenant = await startRecordedTenant();
  const replay = new Replay(tenant);
  expect(await replay.scenario("01-create")).toEqual([refusedScope]);
  expect(await replay.scenario("03-preview-refresh-nochange")).toEqual([]);
  expect(await replay.scenario("05-update-and-replace")).toEqual([]);
  const applicationId = replay.idOf("6762099e-24ef-4f53-9ddd-cbeb9ff3b048");
  await tenant.graph("PATCH", `/v1.0/applications/${applicationId}`, {
    displayName: "Renamed",
    keyCredentials: [],
  });
  expect(await replay.scenario("07-drifted-preview-refresh")).toEqual([]);
  expect(await replay.scenario("08-repair")).toEqual([refusedScope]);
  expect(await replay.scenario("11-destroy")).toEqual([]);
  expect(replay.requests).toBe(tenant.server.requests.length - 2);
});

test("an end date in the past is refused, and whatever stands on it", async () => {
  const tenant = await startRecordedTenant();
  for (const roleTemplateId of [exchangeAdministrator, globalReader]) {
    await tenant.graph("POST", "/v1.0/directoryRoles", { roleTemplateId });
  }
  const replay = new Replay(tenant);
  for (const earlier of ["20-bad-guid", "20-bad-bits", "20-bad-alg"])
    expect(await replay.scenario(earlier)).toEqual([]);
  expect(await replay.scenario("20-bad-past")).toEqual([
    refusedScope,
    { request: "PATCH /v1.0/applications/{id}", recorded: 204, answered: 400 },
    { request: "PATCH /v1.0/applications/{id}", recorded: 204, answered: 400 },
  ]);
});

/** Sends recorded requests, with this tenant's ids in the place of the recorded ones. */
class Replay {
  requests = 0;
  readonly #tenant: TestTenant;
  readonly #ids = new Map<string, string>();
  readonly #unknown = new Set<string>();

  constructor(tenant: TestTenant) {
    this.#tenant = tenant;
  }

  /** @returns every request that was answered otherwise than recorded */
  async scenario(name: string): Promise<readonly Deviation[]> {
    const lines = readFileSync(`tests/fixtures/recordings/graph/${name}.jsonl`, "utf8").trim().split("\n");
    const deviations: Deviation[] = [];
    for (const line of lines) {
      const recorded: RecordedRequest = JSON.parse(line);
      if ([...this.#unknown].some((id) => recorded.path.includes(id))) continue;
      const answer = await this.#send(recorded);
      this.requests += 1;
      if (answer.status !== recorded.status) {
        deviations.push({
          request: `${recorded.method} ${recorded.path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "{id}")}`,
          recorded: recorded.status,
          answered: answer.status,
        });
        if (isJsonObject(recorded.response) && typeof recorded.response.id === "string")
          this.#unknown.add(recorded.response.id);
      } else if (recorded.status < 300) this.#compare(recorded, answer);
    }
    return deviations;
  }

  /** This tenant's id for a recorded one. */
  idOf(recordedId: string): string {
    return this.#ids.get(recordedId) ?? recordedId;
  }

  #send(recorded: RecordedRequest): Promise<Answer> {
    const path = this.#translated(recorded.path);
    if (typeof recorded.request === "string") {
      const text = recorded.request.replace(
        encodeURIComponent(recordedUrl),
        encodeURIComponent(this.#tenant.server.url),
      );
      return this.#tenant.send(recorded.method, path, {
        raw: { type: "application/x-www-form-urlencoded", text },
      });
    }
    if (!path.startsWith("/v1.0/") && !path.startsWith("/beta/"))
      return this.#tenant.send(recorded.method, path);
    const body =
      recorded.request === null ? undefined : JSON.parse(this.#translated(JSON.stringify(recorded.request)));
    return this.#tenant.graph(recorded.method, path, body);
  }

  #translated(text: string): string {
    let translated = text.replaceAll(recordedUrl, this.#tenant.server.url);
    for (const [recordedId, id] of this.#ids) translated = translated.replaceAll(recordedId, id);
    return translated;
  }

  /** Every property that the plugin was answered is there, and ids are learnt. */
  #compare(recorded: RecordedRequest, answer: Answer): void {
    if (recorded.path.endsWith("/token")) {
      this.#ids.set(callerOf(recorded.response), callerOf(answer.body));
      return;
    }
    const pairs = pairsOf(recorded.response, answer.body);
    for (const [expected, actual] of pairs) {
      const missing = Object.keys(expected).filter((name) => !name.startsWith("@") && !(name in actual));
      const isPartial =
        recorded.path.includes("select=") || recorded.path.includes("?%24filter=userPrincipalName");
      if (!isPartial && missing.length > 0) throw new Error(`${recorded.path} lacks ${missing.join(", ")}.`);
      for (const name of ["id", "appId"]) {
        const [from, to] = [expected[name], actual[name]];
        if (typeof from === "string" && typeof to === "string" && from !== to) this.#ids.set(from, to);
      }
    }
  }
}

/** The service principal that a token was issued to. */
function callerOf(body: Json): string {
  return textOf(claimsOf(textOf(isJsonObject(body) ? body.access_token : null)).oid);
}

/** The recorded objects of an answer with their counterparts; lists of one object only. */
function pairsOf(recorded: Json, actual: JsonObject): readonly (readonly [JsonObject, JsonObject])[] {
  if (!isJsonObject(recorded)) return [];
  const [expectedItems, actualItems] = [recorded.value, actual.value];
  if (!Array.isArray(expectedItems)) return [[recorded, actual]];
  if (!Array.isArray(actualItems)) throw new Error("The answer is no list.");
  const [expectedItem, actualItem] = [expectedItems[0], actualItems[0]];
  return expectedItems.length === 1 && isJsonObject(expectedItem) && isJsonObject(actualItem)
    ? [[expectedItem, actualItem]]
    : [];
}

function startRecordedTenant(): Promise<TestTenant> {
  return startTestTenant({ seeds: [seed], now: () => new Date("2026-11-23T02:00:00Z") });
}
