import grpc from "@grpc/grpc-js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { expect, it, vi } from "vitest";

import { serve, unary } from "../../../sandbox/plugins/protocol/grpc.ts";

it("tells that a caller is gone before it has been answered, and nothing of one that got its answer", async () => {
  const onAbandoned = vi.fn<() => void>();
  let answer: ((info: pluginPb.PluginInfo) => void) | undefined;
  const getPluginInfo = unary(() => new Promise<pluginPb.PluginInfo>((resolve) => (answer = resolve)));
  const server = await serve(providerGrpc.ResourceProviderService, { getPluginInfo }, onAbandoned);
  const client = new providerGrpc.ResourceProviderClient(
    `127.0.0.1:${server.port}`,
    grpc.credentials.createInsecure(),
  );
  let version: string | undefined;
  const ask = () => client.getPluginInfo(new emptyPb.Empty(), (_, info) => (version = info?.getVersion()));

  ask();
  await vi.waitUntil(() => answer);
  answer?.(new pluginPb.PluginInfo().setVersion("1.2.3"));
  await vi.waitUntil(() => version === "1.2.3");
  answer = undefined;
  const call = ask();
  await vi.waitUntil(() => answer);
  expect(onAbandoned).not.toHaveBeenCalled();
  call.cancel();
  await vi.waitUntil(() => onAbandoned.mock.calls.length > 0);

  client.close();
  server.close();
});
