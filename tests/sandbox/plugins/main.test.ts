import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import grpc from "@grpc/grpc-js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import { describe, expect, it, onTestFinished } from "vitest";

import { connectPlugin } from "./pluginClient.ts";
import { start, startBelowShell } from "./started.ts";

describe.each(["azuread", "random", "tls"])("the %s stand-in by itself", (name) => {
  it("tells its port, answers with the version of the installed package, and ends with a signal", async () => {
    const started = await start("main.ts", [name]);
    const { version } = createRequire(import.meta.url)(`@pulumi/${name}/package.json`) as { version: string };
    expect(await versionOf(started.port)).toBe(version);
    expect(started.output()).toBe("");
    started.process.kill("SIGTERM");
    expect(await started.end).toBeNull();
  });
});

it("serves the engine", async () => {
  const started = await start("main.ts", ["random"]);
  const client = connectPlugin(started.port);
  await client.call("Configure", { args: {} });
  const urn = "urn:pulumi:stack::project::random:index/randomUuid:RandomUuid::name";
  const { response } = await client.call("Create", { urn, properties: {} });
  expect(response?.["id"]).toMatch(/^[-0-9a-f]{36}$/);
  client.close();
  started.process.kill();
  await started.end;
});

it("knows no other plugin", async () => {
  await expect(start("main.ts", ["azure"])).rejects.toThrow(
    'There is no stand-in for "azure". Use one of: azuread, random, tls.',
  );
});

it("keeps what Node has compiled, although the engine ends it by a signal", async () => {
  const folder = mkdtempSync(join(tmpdir(), "exchange-auth-compiled-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const started = await start("main.ts", ["random"], { NODE_COMPILE_CACHE: folder });
  await versionOf(started.port);
  started.process.kill("SIGINT");
  expect(await started.end).toBeNull();
  const kept = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(kept.length).toBeGreaterThan(50);
});

it("ends by itself once the engine is gone, even if that was killed", async () => {
  const { process: engine, end } = await startBelowShell("main.ts", "random");
  engine.kill("SIGKILL");
  // The streams that the plugin shares with its parent close only when the plugin, too, has ended.
  expect(await end).toBeNull();
});

async function versionOf(port: number): Promise<string> {
  const client = new providerGrpc.ResourceProviderClient(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
  );
  const info = await new Promise<pluginPb.PluginInfo>((resolve, reject) => {
    client.getPluginInfo(new emptyPb.Empty(), (error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });
  client.close();
  return info.getVersion();
}
