import { createRequire } from "node:module";

import type grpc from "@grpc/grpc-js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";

import { serve, unary, untilEngineEnds } from "../protocol/grpc.ts";
import { stopPrograms, untilProgramsEnd } from "./programs.ts";

/** The exit code with which Pulumi's SDKs say that the user has read all about the failure. */
const toldUserExitCode = 32;

const { version }: { version: string } = createRequire(import.meta.url)("@pulumi/pulumi/package.json");

/** The engine that a language host serves. */
export interface Engine {
  /** Where it listens. */
  readonly address: string;
}

/**
 * Serves a language host until the engine ends, and ends what it has started.
 *
 * @param args what the engine started the host with
 * @param handlers what is the language's own, given the engine
 */
export async function serveHost(
  args: readonly string[],
  handlers: (engine: Engine) => grpc.UntypedServiceImplementation,
): Promise<void> {
  const engine = { address: args.find((argument) => !argument.startsWith("-")) ?? "" };
  const server = await serve(languageGrpc.LanguageRuntimeService, {
    handshake: unary((request: languagePb.LanguageHandshakeRequest) => {
      engine.address = request.getEngineAddress();
      return new languagePb.LanguageHandshakeResponse();
    }),
    getPluginInfo: unary(() => new pluginPb.PluginInfo().setVersion(version)),
    // The plugins that a program needs are found when it uses them.
    getRequiredPackages: unary(() => new languagePb.GetRequiredPackagesResponse()),
    cancel: unary(() => {
      stopPrograms("SIGINT");
      return new emptyPb.Empty();
    }),
    ...handlers(engine),
  });
  // The engine's way to end a plugin is SIGINT. gRPC's own orderly shutdown would take seconds.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      stopPrograms(signal);
      void untilProgramsEnd().then(() => process.exit());
    });
  }
  await untilEngineEnds(server.port);
  stopPrograms("SIGKILL");
  server.close();
}

/** What the engine is told of a program that has ended. */
export function runResponse(exitCode: number): languagePb.RunResponse {
  const response = new languagePb.RunResponse();
  if (exitCode === 0) return response;
  if (exitCode === toldUserExitCode) return response.setBail(true);
  return response.setError(`Program exited with non-zero exit code: ${exitCode}`);
}

/**
 * A program's configuration, as Pulumi's SDKs read it.
 *
 * @param keyOf how the SDK names a key. Default: as the user does.
 */
export function configuration(
  request: languagePb.RunRequest,
  keyOf: (key: string) => string = (key) => key,
): NodeJS.ProcessEnv {
  const config = request.getConfigMap().toArray();
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(config.map(([key, value]) => [keyOf(key), value]))),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}

/** The project's options for its language that are texts. */
export function textOptions(info: languagePb.ProgramInfo | undefined): ReadonlyMap<string, string> {
  const options = Object.entries(info?.getOptions()?.toJavaScript() ?? {});
  return new Map(options.filter((option): option is [string, string] => typeof option[1] === "string"));
}
