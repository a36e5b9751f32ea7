import grpc from "@grpc/grpc-js";
import type emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import statusPb from "@pulumi/pulumi/proto/status_pb.js";

import { Plugin } from "../../../sandbox/plugins/protocol/plugin.ts";
import type { PluginDefinition } from "../../../sandbox/plugins/protocol/resource.ts";
import { servePlugin } from "../../../sandbox/plugins/protocol/server.ts";
import type { JsonObject } from "./recordings.ts";

/** What a plugin answered: a message, or an error with what it says of an incomplete resource. */
export interface Answer {
  readonly response?: JsonObject;
  readonly error?: string;
  readonly incomplete?: {
    readonly id: string;
    readonly properties: JsonObject;
    readonly reasons: readonly string[];
  };
}

/** A plugin that runs in this process, with a client as the engine's: everything goes over gRPC. */
export interface PluginClient {
  readonly call: (name: string, request: JsonObject) => Promise<Answer>;
  close(): void;
}

/**
 * Starts a plugin in this process.
 *
 * @param settings - what to configure it with. Default: it is not configured yet.
 * @throws an error if the plugin refuses them.
 */
export async function startPlugin<Client>(
  definition: PluginDefinition<Client>,
  settings?: JsonObject,
): Promise<PluginClient> {
  const server = await servePlugin(new Plugin(definition), "1.2.3");
  const client = connectPlugin(server.port);
  const close = () => {
    client.close();
    server.close();
  };
  const { error } = settings === undefined ? {} : await client.call("Configure", { args: settings });
  if (error === undefined) return { call: client.call, close };
  close();
  throw new Error(error);
}

/** Talks to a plugin that listens already. */
export function connectPlugin(port: number): PluginClient {
  const client = new providerGrpc.ResourceProviderClient(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
  );
  return {
    call: async (name, request) => {
      try {
        return { response: await send(client, name, request) };
      } catch (error) {
        return describe(error);
      }
    },
    close: () => client.close(),
  };
}

async function send(
  client: providerGrpc.ResourceProviderClient,
  name: string,
  request: JsonObject,
): Promise<JsonObject> {
  switch (name) {
    case "CheckConfig": {
      const response = await promised<providerPb.CheckResponse>((done) =>
        client.checkConfig(checkRequest(request), done),
      );
      return compact({
        inputs: response.getInputs()?.toJavaScript(),
        failures: failures(response.getFailuresList()),
      });
    }
    case "Check": {
      const response = await promised<providerPb.CheckResponse>((done) =>
        client.check(checkRequest(request), done),
      );
      return compact({
        inputs: response.getInputs()?.toJavaScript(),
        failures: failures(response.getFailuresList()),
      });
    }
    case "Configure": {
      const message = new providerPb.ConfigureRequest()
        .setArgs(struct(request["args"]))
        .setAcceptsecrets(true)
        .setAcceptresources(true);
      const response = await promised<providerPb.ConfigureResponse>((done) =>
        client.configure(message, done),
      );
      return compact({
        acceptSecrets: response.getAcceptsecrets(),
        supportsPreview: response.getSupportspreview(),
        acceptResources: response.getAcceptresources(),
        supportsAutonamingConfiguration: response.getSupportsAutonamingConfiguration(),
      });
    }
    case "Diff": {
      const message = new providerPb.DiffRequest()
        .setId(text(request["id"]))
        .setUrn(text(request["urn"]))
        .setOlds(struct(request["olds"]))
        .setNews(struct(request["news"]))
        .setOldInputs(struct(request["oldInputs"]))
        .setIgnorechangesList(texts(request["ignoreChanges"]));
      return diffAnswer(await promised<providerPb.DiffResponse>((done) => client.diff(message, done)));
    }
    case "Create": {
      const message = new providerPb.CreateRequest()
        .setUrn(text(request["urn"]))
        .setProperties(struct(request["properties"]))
        .setTimeout(Number(request["timeout"] ?? 0))
        .setPreview(request["preview"] === true);
      const response = await promised<providerPb.CreateResponse>((done) => client.create(message, done));
      return compact({ id: response.getId(), properties: response.getProperties()?.toJavaScript() });
    }
    case "Read": {
      const message = new providerPb.ReadRequest()
        .setId(text(request["id"]))
        .setUrn(text(request["urn"]))
        .setProperties(struct(request["properties"]))
        .setInputs(struct(request["inputs"]));
      const response = await promised<providerPb.ReadResponse>((done) => client.read(message, done));
      return compact({
        id: response.getId(),
        properties: response.getProperties()?.toJavaScript(),
        inputs: response.getInputs()?.toJavaScript(),
      });
    }
    case "Update": {
      const message = new providerPb.UpdateRequest()
        .setId(text(request["id"]))
        .setUrn(text(request["urn"]))
        .setOlds(struct(request["olds"]))
        .setNews(struct(request["news"]))
        .setOldInputs(struct(request["oldInputs"]))
        .setIgnorechangesList(texts(request["ignoreChanges"]))
        .setPreview(request["preview"] === true);
      const response = await promised<providerPb.UpdateResponse>((done) => client.update(message, done));
      return compact({ properties: response.getProperties()?.toJavaScript() });
    }
    case "Delete": {
      const message = new providerPb.DeleteRequest()
        .setId(text(request["id"]))
        .setUrn(text(request["urn"]))
        .setProperties(struct(request["properties"]));
      await promised<emptyPb.Empty>((done) => client.delete(message, done));
      return {};
    }
    case "Invoke": {
      const message = new providerPb.InvokeRequest()
        .setTok(text(request["tok"]))
        .setArgs(struct(request["args"]));
      const response = await promised<providerPb.InvokeResponse>((done) => client.invoke(message, done));
      return compact({
        return: response.getReturn()?.toJavaScript(),
        failures: failures(response.getFailuresList()),
      });
    }
    default:
      throw new Error(`The test client does not know the call ${name}.`);
  }
}

function diffAnswer(response: providerPb.DiffResponse): JsonObject {
  const { DiffChanges } = providerPb.DiffResponse;
  const kindNames = new Map<number, string>(
    Object.entries(providerPb.PropertyDiff.Kind).map(([name, kind]) => [Number(kind), name]),
  );
  const detailed: [string, JsonObject][] = [];
  response.getDetaileddiffMap().forEach((diff, path) => {
    const kind = kindNames.get(diff.getKind());
    detailed.push([path, kind === "ADD" ? {} : { kind }]);
  });
  return compact({
    replaces: response.getReplacesList(),
    stables: response.getStablesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    changes: response.getChanges() === DiffChanges.DIFF_NONE ? "DIFF_NONE" : "DIFF_SOME",
    diffs: response.getDiffsList(),
    detailedDiff: Object.fromEntries(detailed),
    hasDetailedDiff: response.getHasdetaileddiff(),
  });
}

function describe(error: unknown): Answer {
  if (!(error instanceof Error) || !("metadata" in error) || !(error.metadata instanceof grpc.Metadata))
    throw error;
  const message = "details" in error ? String(error.details) : error.message;
  const [encoded] = error.metadata.get("grpc-status-details-bin");
  if (encoded === undefined) return { error: message };
  const any = statusPb.Status.deserializeBinary(Buffer.from(encoded)).getDetailsList()[0];
  const detail = providerPb.ErrorResourceInitFailed.deserializeBinary(
    any?.getValue_asU8() ?? new Uint8Array(),
  );
  const properties = detail.getProperties()?.toJavaScript() ?? {};
  return { error: message, incomplete: { id: detail.getId(), properties, reasons: detail.getReasonsList() } };
}

async function promised<Response>(
  call: (done: (error: grpc.ServiceError | null, response: Response) => void) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

function checkRequest(request: JsonObject): providerPb.CheckRequest {
  return new providerPb.CheckRequest()
    .setUrn(text(request["urn"]))
    .setOlds(struct(request["olds"]))
    .setNews(struct(request["news"]));
}

function failures(list: readonly providerPb.CheckFailure[]): JsonObject[] {
  return list.map((failure) => compact({ property: failure.getProperty(), reason: failure.getReason() }));
}

/** Leaves out what protobuf's JSON leaves out: everything at its default. */
function compact(message: JsonObject): JsonObject {
  const entries = Object.entries(message).filter(([name, value]) =>
    messageFields.has(name) ? value !== undefined : !isDefault(value),
  );
  return Object.fromEntries(entries);
}

/** Fields that hold a message, which is there even if it is empty. */
const messageFields = new Set(["inputs", "properties", "return"]);

function isDefault(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === false || value === "";
}

function struct(value: unknown): structPb.Struct {
  return structPb.Struct.fromJavaScript(typeof value === "object" && value !== null ? { ...value } : {});
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
