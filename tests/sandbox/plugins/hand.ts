import type { Answer, PluginClient } from "./pluginClient.ts";
import type { JsonObject } from "./recordings.ts";

/** A resource that a plugin made or found, as the engine would keep it. */
export interface Kept {
  readonly token: string;
  readonly id: string;
  readonly inputs: JsonObject;
  readonly state: JsonObject;
}

/** What a diff says. */
export interface Verdict {
  readonly changes?: string;
  readonly replaces?: readonly string[];
  readonly diffs?: readonly string[];
  readonly detailedDiff?: JsonObject;
}

/** Calls a plugin in the order in which the engine does. What fails is thrown, with the plugin's message. */
export class Hand {
  readonly #client: PluginClient;

  constructor(client: PluginClient) {
    this.#client = client;
  }

  async check(token: string, news: JsonObject, olds: JsonObject = {}): Promise<JsonObject> {
    const { inputs, failures } = succeeded(
      await this.#client.call("Check", { urn: urnOf(token), news, olds }),
    );
    if (Array.isArray(failures))
      throw new Error(failures.map((failure: JsonObject) => failure["reason"]).join("\n"));
    return objectOf(inputs);
  }

  async preview(token: string, inputs: JsonObject): Promise<JsonObject> {
    const properties = await this.check(token, inputs);
    const request = { urn: urnOf(token), properties, preview: true };
    return objectOf(succeeded(await this.#client.call("Create", request))["properties"]);
  }

  /** Creates, and returns the answer whatever it is. */
  async tryCreate(token: string, inputs: JsonObject): Promise<Answer> {
    const properties = await this.check(token, inputs);
    return this.#client.call("Create", { urn: urnOf(token), properties });
  }

  async create(token: string, inputs: JsonObject): Promise<Kept> {
    const response = succeeded(await this.tryCreate(token, inputs));
    return {
      token,
      id: String(response["id"]),
      inputs: await this.check(token, inputs),
      state: objectOf(response["properties"]),
    };
  }

  async diff(
    { token, id, inputs, state }: Kept,
    changed: JsonObject,
    ignoreChanges: readonly string[] = [],
  ): Promise<Verdict> {
    const news = await this.check(token, changed, inputs);
    const request = { urn: urnOf(token), id, olds: state, oldInputs: inputs, news, ignoreChanges };
    return succeeded(await this.#client.call("Diff", request));
  }

  async update({ token, id, inputs, state }: Kept, changed: JsonObject): Promise<Kept> {
    const news = await this.check(token, changed, inputs);
    const request = { urn: urnOf(token), id, olds: state, oldInputs: inputs, news };
    const { properties } = succeeded(await this.#client.call("Update", request));
    return { token, id, inputs: news, state: objectOf(properties) };
  }

  /** Undefined if it is gone. */
  async refresh({ token, id, inputs, state }: Kept): Promise<Kept | undefined> {
    return this.#read(token, { urn: urnOf(token), id, inputs, properties: state });
  }

  /** Undefined if there is none. */
  async import(token: string, id: string): Promise<Kept | undefined> {
    return this.#read(token, { urn: urnOf(token), id });
  }

  async delete({ token, id, state }: Kept): Promise<void> {
    succeeded(await this.#client.call("Delete", { urn: urnOf(token), id, properties: state }));
  }

  async invoke(tok: string, args: JsonObject): Promise<JsonObject> {
    const response = succeeded(await this.#client.call("Invoke", { tok, args }));
    if (!Array.isArray(response["failures"])) return objectOf(response["return"]);
    throw new Error(response["failures"].map((failure: JsonObject) => failure["reason"]).join("\n"));
  }

  async #read(token: string, request: JsonObject): Promise<Kept | undefined> {
    const response = succeeded(await this.#client.call("Read", request));
    const id = response["id"];
    if (typeof id !== "string" || id === "") return undefined;
    return { token, id, inputs: objectOf(response["inputs"]), state: objectOf(response["properties"]) };
  }
}

/** What a secret conceals. */
export function revealed(value: unknown): unknown {
  const given = objectOf(value);
  return "4dabf18193072939515e22adb298388d" in given ? given["value"] : value;
}

/** The member as text; empty if it is none. */
export function textIn(properties: JsonObject, name: string): string {
  const value = revealed(properties[name]);
  return typeof value === "string" ? value : "";
}

function urnOf(token: string): string {
  return `urn:pulumi:stack::project::${token}::subject`;
}

function succeeded({ response, error }: Answer): JsonObject {
  if (response === undefined) throw new Error(error);
  return response;
}

function objectOf(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
