import type grpc from "@grpc/grpc-js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";

import type { PropertyChange } from "./detailedDiff.ts";
import type { Plugin } from "./plugin.ts";
import { serve, unary, type Listening } from "./grpc.ts";
import type { State } from "./resource.ts";
import { decodeProperties, encodeProperties } from "./values.ts";
import { keepingIncomplete } from "./keepingIncomplete.ts";

/**
 * Serves a plugin over Pulumi's protocol.
 *
 * @param version - what the plugin says its version is.
 * @param onAbandoned - told when the engine is gone while it waits for an answer. Default: the work goes on.
 */
export async function servePlugin(
  plugin: Plugin,
  version: string,
  onAbandoned?: () => void,
): Promise<Listening> {
  return serve(providerGrpc.ResourceProviderService, handlers(plugin, version), onAbandoned);
}

function handlers(plugin: Plugin, version: string): grpc.UntypedServiceImplementation {
  const acceptResources = plugin.dialect === "framework";
  const encode = (state: State) => encodeProperties(state.properties, state.fields, plugin.dialect);

  return {
    handshake: unary(() => {
      const response = new providerPb.ProviderHandshakeResponse();
      return response.setAcceptResources(acceptResources).setSupportsAutonamingConfiguration(true);
    }),

    getPluginInfo: unary(() => new pluginPb.PluginInfo().setVersion(version)),

    getSchema: unary(() => {
      const schema = { name: plugin.name, version, description: "A stand-in without a schema of its own." };
      return new providerPb.GetSchemaResponse().setSchema(JSON.stringify(schema));
    }),

    checkConfig: unary((request: providerPb.CheckRequest) => {
      const { inputs, failures } = plugin.checkConfig(decodeProperties(request.getNews()));
      return checkResponse(failures).setInputs(encodeProperties(inputs, {}, "sdk"));
    }),

    diffConfig: unary(() =>
      new providerPb.DiffResponse().setChanges(providerPb.DiffResponse.DiffChanges.DIFF_UNKNOWN),
    ),

    configure: unary(async (request: providerPb.ConfigureRequest) => {
      await plugin.configure(decodeProperties(request.getArgs()));
      const response = new providerPb.ConfigureResponse().setSupportspreview(true);
      return response.setAcceptresources(acceptResources).setSupportsAutonamingConfiguration(true);
    }),

    check: unary((request: providerPb.CheckRequest) => {
      const news = decodeProperties(request.getNews());
      const checked = plugin.check(request.getUrn(), news, decodeProperties(request.getOlds()));
      return checkResponse(checked.failures).setInputs(
        encodeProperties(checked.inputs, checked.fields, "sdk"),
      );
    }),

    diff: unary((request: providerPb.DiffRequest) => {
      const olds = decodeProperties(request.getOlds());
      const news = decodeProperties(request.getNews());
      const verdict = plugin.diff(request.getUrn(), olds, news, request.getIgnorechangesList());
      const { DIFF_NONE, DIFF_SOME } = providerPb.DiffResponse.DiffChanges;
      const response = new providerPb.DiffResponse()
        .setChanges(verdict.changed ? DIFF_SOME : DIFF_NONE)
        .setDiffsList([...verdict.diffs])
        .setReplacesList([...verdict.replaces])
        .setStablesList([...verdict.stables])
        .setHasdetaileddiff(verdict.detailed !== undefined);
      for (const change of verdict.detailed ?? [])
        response.getDetaileddiffMap().set(change.path, propertyDiff(change));
      return response;
    }),

    create: unary(async (request: providerPb.CreateRequest) => {
      const inputs = decodeProperties(request.getProperties());
      const options = { preview: request.getPreview(), timeout: request.getTimeout() };
      const created = await keepingIncomplete(plugin.create(request.getUrn(), inputs, options));
      return new providerPb.CreateResponse().setId(created.id).setProperties(encode(created));
    }),

    read: unary(async (request: providerPb.ReadRequest) => {
      const olds = decodeProperties(request.getProperties());
      const inputs = decodeProperties(request.getInputs());
      const found = await plugin.read(request.getUrn(), request.getId(), olds, inputs);
      const response = new providerPb.ReadResponse();
      if (found === undefined) return response;
      response.setId(found.id).setProperties(encode(found));
      return response.setInputs(encodeProperties(found.inputs, found.fields, "sdk"));
    }),

    update: unary(async (request: providerPb.UpdateRequest) => {
      const olds = decodeProperties(request.getOlds());
      const news = decodeProperties(request.getNews());
      const ignored = request.getIgnorechangesList();
      const options = { preview: request.getPreview(), timeout: request.getTimeout(), ignored };
      const updated = await keepingIncomplete(
        plugin.update(request.getUrn(), request.getId(), olds, news, options),
      );
      return new providerPb.UpdateResponse().setProperties(encode(updated));
    }),

    delete: unary(async (request: providerPb.DeleteRequest) => {
      const olds = decodeProperties(request.getProperties());
      await plugin.delete(request.getUrn(), request.getId(), olds, request.getTimeout());
      return new emptyPb.Empty();
    }),

    invoke: unary(async (request: providerPb.InvokeRequest) => {
      const answer = await plugin.invoke(request.getTok(), decodeProperties(request.getArgs()));
      const response = new providerPb.InvokeResponse();
      if (answer.failures === undefined)
        return response.setReturn(encodeProperties(answer.properties, answer.fields, "framework"));
      return response.setFailuresList(answer.failures.map(checkFailure));
    }),

    cancel: unary(() => new emptyPb.Empty()),
    attach: unary(() => new emptyPb.Empty()),
    getMapping: unary(() => new providerPb.GetMappingResponse()),
    getMappings: unary(() => new providerPb.GetMappingsResponse()),
  };
}

function checkResponse(failures: readonly string[]): providerPb.CheckResponse {
  return new providerPb.CheckResponse().setFailuresList(failures.map(checkFailure));
}

function checkFailure(reason: string): providerPb.CheckFailure {
  return new providerPb.CheckFailure().setReason(reason);
}

function propertyDiff(change: PropertyChange): providerPb.PropertyDiff {
  const { Kind } = providerPb.PropertyDiff;
  const kinds = {
    ADD: [Kind.ADD, Kind.ADD_REPLACE],
    DELETE: [Kind.DELETE, Kind.DELETE_REPLACE],
    UPDATE: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  return new providerPb.PropertyDiff().setKind(kinds[change.kind][change.replaces ? 1 : 0]);
}
