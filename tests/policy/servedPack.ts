import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

import grpc from "@grpc/grpc-js";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import analyzerGrpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzerPb from "@pulumi/pulumi/proto/analyzer_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";

import { repository } from "../../sandbox/workspace/sandboxFolder.ts";

/** A resource as the engine tells a pack of it. */
export interface GivenResource {
  readonly type: string;
  readonly name: string;
  readonly properties: Record<string, structPb.JavaScriptValue>;
  readonly urn?: string;
  readonly parent?: string;
  readonly protect?: boolean;
  /** What the provider is configured with. */
  readonly provider?: Record<string, structPb.JavaScriptValue>;
}

/** What stands on the wire for a text that is not known before the update. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The pack as its own process, served by `@pulumi/policy` and asked as the engine asks it. */
export interface ServedPack {
  info(): Promise<analyzerPb.AnalyzerInfo>;
  /** Sets what the engine makes of a configuration; rules that it does not name have their defaults. */
  configure(rules: Readonly<Record<string, Record<string, structPb.JavaScriptValue>>>): Promise<void>;
  /** The violations, as `LEVEL RULE: MESSAGE`. */
  analyze(resource: GivenResource): Promise<readonly string[]>;
  analyzeStack(...resources: readonly GivenResource[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Starts the pack that lies in a folder, as Pulumi's Node language host does. */
export async function servePack(folder = path.join(repository, "policy")): Promise<ServedPack> {
  const runner = path.join(repository, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
  const served = spawn(process.execPath, [runner, "127.0.0.1:1", folder], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(served.stdout.setEncoding("utf8"), "data")) as [string];
  const client = new analyzerGrpc.AnalyzerClient(
    `127.0.0.1:${line.trim()}`,
    grpc.credentials.createInsecure(),
  );
  return {
    info: () => answer((done) => client.getAnalyzerInfo(new emptyPb.Empty(), done)),
    configure: async (rules) => {
      const request = new analyzerPb.ConfigureAnalyzerRequest();
      for (const [rule, settings] of Object.entries(rules)) {
        const config = new analyzerPb.PolicyConfig()
          .setEnforcementlevel(analyzerPb.EnforcementLevel.MANDATORY)
          .setProperties(structPb.Struct.fromJavaScript(settings));
        request.getPolicyconfigMap().set(rule, config);
      }
      await answer((done) => client.configure(request, done));
    },
    analyze: async (resource) => {
      const request = new analyzerPb.AnalyzeRequest()
        .setType(resource.type)
        .setName(resource.name)
        .setUrn(urnOf(resource))
        .setProperties(structPb.Struct.fromJavaScript(resource.properties))
        .setOptions(optionsOf(resource))
        .setProvider(providerOf(resource));
      return violations(await answer((done) => client.analyze(request, done)));
    },
    analyzeStack: async (...resources) => {
      const request = new analyzerPb.AnalyzeStackRequest().setResourcesList(
        resources.map((resource) =>
          new analyzerPb.AnalyzerResource()
            .setType(resource.type)
            .setName(resource.name)
            .setUrn(urnOf(resource))
            .setParent(resource.parent ?? "")
            .setProperties(structPb.Struct.fromJavaScript(resource.properties))
            .setOptions(optionsOf(resource)),
        ),
      );
      return violations(await answer((done) => client.analyzeStack(request, done)));
    },
    close: async () => {
      client.close();
      served.kill();
      await once(served, "exit");
    },
  };
}

/** The URN of a resource. */
export function urnOf({ urn, type, name }: Pick<GivenResource, "urn" | "type" | "name">): string {
  return urn ?? `urn:pulumi:contoso::exchange-auth::${type}::${name}`;
}

function optionsOf({ protect = false, parent = "" }: GivenResource): analyzerPb.AnalyzerResourceOptions {
  return new analyzerPb.AnalyzerResourceOptions().setProtect(protect).setParent(parent);
}

function providerOf({ provider }: GivenResource): analyzerPb.AnalyzerProviderResource | undefined {
  return (
    provider &&
    new analyzerPb.AnalyzerProviderResource()
      .setType("pulumi:providers:azuread")
      .setName("default")
      .setUrn("urn:pulumi:contoso::exchange-auth::pulumi:providers:azuread::default")
      .setProperties(structPb.Struct.fromJavaScript(provider))
  );
}

function violations(response: analyzerPb.AnalyzeResponse): readonly string[] {
  const levels = Object.entries(analyzerPb.EnforcementLevel);
  return response
    .getDiagnosticsList()
    .map((diagnostic) => {
      const [level = ""] = levels.find(([, value]) => value === diagnostic.getEnforcementlevel()) ?? [];
      // @pulumi/policy puts the rule's description before the message.
      const message = diagnostic.getMessage().split("\n").slice(1).join("\n");
      return `${level.toLowerCase()} ${diagnostic.getPolicyname()}: ${message}`;
    })
    .toSorted();
}

async function answer<T>(call: (done: (error: Error | null, value: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => (error === null ? resolve(value) : reject(error)));
  });
}
