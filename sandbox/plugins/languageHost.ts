import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";

import { serve, unary, untilEngineEnds } from "./protocol/grpc.ts";

/** The exit code with which Pulumi's Node SDK says that the user has read all about the failure (sdk/nodejs/cmd/run). */
const toldUserExitCode = 32;

const programs = new Set<ChildProcess>();
const require = createRequire(import.meta.url);
const { version }: { version: string } = require("@pulumi/pulumi/package.json");
let engineAddress = process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "";

const server = await serve(languageGrpc.LanguageRuntimeService, {
  handshake: unary((request: languagePb.LanguageHandshakeRequest) => {
    engineAddress = request.getEngineAddress();
    return new languagePb.LanguageHandshakeResponse();
  }),
  getPluginInfo: unary(() => new pluginPb.PluginInfo().setVersion(version)),
  about: unary(() =>
    new languagePb.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
  ),
  // The plugins that a program needs are found when it uses them.
  getRequiredPackages: unary(() => new languagePb.GetRequiredPackagesResponse()),
  run: unary(run),
  cancel: unary(() => {
    stopPrograms("SIGINT");
    return new emptyPb.Empty();
  }),
});
// The engine's way to end a plugin is SIGINT. gRPC's own orderly shutdown would take seconds.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stopPrograms(signal);
    void Promise.all([...programs].map(ended)).then(() => process.exit());
  });
}
await untilEngineEnds(server.port);
stopPrograms("SIGKILL");
server.close();

async function run(request: languagePb.RunRequest): Promise<languagePb.RunResponse> {
  const response = new languagePb.RunResponse();
  const folder = request.getInfo()?.getProgramDirectory() || request.getPwd();
  const runner = locateRunner(folder);
  if (runner === undefined) {
    return response.setError(
      "It looks like the Pulumi SDK has not been installed. Have you run pulumi install?\n",
    );
  }
  const options = new Map(Object.entries(request.getInfo()?.getOptions()?.toJavaScript() ?? {}));
  const nodeArguments = textOption(options, "nodeargs")
    .split(/\s+/)
    .filter((word) => word !== "");
  const program = spawn(process.execPath, [...nodeArguments, runner, ...programArguments(request, folder)], {
    env: { ...process.env, ...programEnvironment(request, options) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  programs.add(program);
  program.stdout.pipe(process.stdout, { end: false });
  program.stderr.pipe(process.stderr, { end: false });
  const code = await ended(program);
  programs.delete(program);
  if (code === 0) return response;
  if (code === toldUserExitCode) return response.setBail(true);
  return response.setError(`Program exited with non-zero exit code: ${code}`);
}

function locateRunner(folder: string): string | undefined {
  try {
    const resolve = createRequire(path.join(folder, "package.json")).resolve;
    return resolve(process.env["PULUMI_LANGUAGE_NODEJS_RUN_PATH"] ?? "@pulumi/pulumi/cmd/run");
  } catch {
    return undefined;
  }
}

function programArguments(request: languagePb.RunRequest, folder: string): string[] {
  const given = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": request.getInfo()?.getRootDirectory() ?? "",
    stack: request.getStack(),
    pwd: folder,
    parallel: String(request.getParallel()),
  };
  const flags = Object.entries(given).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value]));
  const entry = request.getInfo()?.getEntryPoint() || request.getProgram() || ".";
  return [...flags, ...(request.getDryrun() ? ["--dry-run"] : []), entry, ...request.getArgsList()];
}

function programEnvironment(
  request: languagePb.RunRequest,
  options: Map<string, unknown>,
): NodeJS.ProcessEnv {
  // The SDK still reads keys in their older form, with `config` in the middle.
  const config = request
    .getConfigMap()
    .toArray()
    .map(([key, value]) => [key.replace(":", ":config:"), value]);
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(config)),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    ...(options.get("typescript") !== false && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(textOption(options, "tsconfig") !== "" && {
      PULUMI_NODEJS_TSCONFIG_PATH: textOption(options, "tsconfig"),
    }),
  };
}

function textOption(options: Map<string, unknown>, name: string): string {
  const value = options.get(name);
  return typeof value === "string" ? value : "";
}

/** The program's exit code, once its output has been read to the end; -1 if a signal ended it. */
async function ended(program: ChildProcess): Promise<number> {
  if (program.exitCode !== null) return program.exitCode;
  return new Promise((resolve, reject) => {
    program.once("error", reject);
    program.once("close", (code) => resolve(code ?? -1));
  });
}

function stopPrograms(signal: NodeJS.Signals): void {
  for (const program of programs) program.kill(signal);
}
