import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";

import { serve, streaming, unary, untilEngineEnds } from "./protocol/grpc.ts";

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
  // A plugin's packages are those of the repository, or npm's from its folder.
  installDependencies: streaming(installDependencies),
  // The plugins that a program needs are found when it uses them.
  getRequiredPackages: unary(() => new languagePb.GetRequiredPackagesResponse()),
  run: unary(run),
  runPlugin: streaming(runPlugin),
  cancel: unary(() => {
    stopPrograms("SIGINT");
    return new emptyPb.Empty();
  }),
});
// The engine's way to end a plugin is SIGINT. gRPC's own orderly shutdown would take seconds.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stopPrograms(signal);
    void Promise.all([...programs].map(endOf)).then(() => process.exit());
  });
}
await untilEngineEnds(server.port);
stopPrograms("SIGKILL");
server.close();

async function run(request: languagePb.RunRequest): Promise<languagePb.RunResponse> {
  const response = new languagePb.RunResponse();
  const folder = request.getInfo()?.getProgramDirectory() || request.getPwd();
  const runner = locate(folder, process.env["PULUMI_LANGUAGE_NODEJS_RUN_PATH"] ?? "@pulumi/pulumi/cmd/run");
  if (runner === undefined) {
    return response.setError(
      "It looks like the Pulumi SDK has not been installed. Have you run pulumi install?\n",
    );
  }
  const options = new Map(Object.entries(request.getInfo()?.getOptions()?.toJavaScript() ?? {}));
  const args = [...nodeArguments(options), runner, ...programArguments(request, folder)];
  const program = spawn(process.execPath, args, {
    env: { ...process.env, ...programEnvironment(request, options) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  programs.add(program);
  program.stdout.pipe(process.stdout, { end: false });
  program.stderr.pipe(process.stderr, { end: false });
  const code = await endOf(program);
  programs.delete(program);
  if (code === 0) return response;
  if (code === toldUserExitCode) return response.setBail(true);
  return response.setError(`Program exited with non-zero exit code: ${code}`);
}

/**
 * Runs a plugin that is written in Node, a policy pack or a component package, until the engine ends it. The engine talks
 * to the plugin itself, at the port that it prints first.
 *
 * The official host also gives a policy pack the stack's configuration in its environment, which a pack of ours does not
 * read.
 */
async function runPlugin(
  request: languagePb.RunPluginRequest,
  send: (response: languagePb.RunPluginResponse) => void,
  abandoned: AbortSignal,
): Promise<void> {
  const folder = request.getInfo()?.getProgramDirectory() ?? "";
  const isPolicyPack = request.getKind() === "analyzer";
  const runner = locate(folder, `@pulumi/pulumi/cmd/${isPolicyPack ? "run-policy-pack" : "run-plugin"}`);
  if (runner === undefined)
    throw new Error(
      `The packages of the ${isPolicyPack ? "policy pack" : "plugin"} are not installed. Run \`npm install\` in ${JSON.stringify(folder)}.`,
    );
  const options = new Map(Object.entries(request.getInfo()?.getOptions()?.toJavaScript() ?? {}));
  const given = request.getArgsList();
  const plugin = spawn(
    process.execPath,
    [...nodeArguments(options), runner, ...(isPolicyPack ? [...given, folder] : [folder, ...given])],
    {
      cwd: isPolicyPack ? folder : request.getPwd(),
      env: { ...process.env, ...givenEnvironment(request.getEnvList()), ...typescriptEnvironment(options) },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  programs.add(plugin);
  plugin.stdout.on("data", (bytes: Buffer) => send(new languagePb.RunPluginResponse().setStdout(bytes)));
  plugin.stderr.on("data", (bytes: Buffer) => send(new languagePb.RunPluginResponse().setStderr(bytes)));
  abandoned.addEventListener("abort", () => plugin.kill());
  const code = await endOf(plugin);
  programs.delete(plugin);
  send(new languagePb.RunPluginResponse().setExitcode(code));
}

/** Installs the packages of a program or a plugin, unless they are there. */
async function installDependencies(
  request: languagePb.InstallDependenciesRequest,
  send: (response: languagePb.InstallDependenciesResponse) => void,
): Promise<void> {
  const folder = request.getInfo()?.getProgramDirectory() ?? "";
  if (locate(folder, "@pulumi/pulumi/cmd/run") !== undefined) return;
  const npm = spawn("npm", ["install", "--omit=dev", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  programs.add(npm);
  npm.stdout.on("data", (bytes: Buffer) =>
    send(new languagePb.InstallDependenciesResponse().setStdout(bytes)),
  );
  npm.stderr.on("data", (bytes: Buffer) =>
    send(new languagePb.InstallDependenciesResponse().setStderr(bytes)),
  );
  const code = await endOf(npm);
  programs.delete(npm);
  if (code !== 0) throw new Error(`npm install ended with ${code} in ${JSON.stringify(folder)}.`);
}

function givenEnvironment(entries: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}

/** Finds what runs a program or a pack in its own packages. */
function locate(folder: string, module: string): string | undefined {
  try {
    return createRequire(path.join(folder, "package.json")).resolve(module);
  } catch {
    return undefined;
  }
}

function nodeArguments(options: Map<string, unknown>): string[] {
  return textOption(options, "nodeargs")
    .split(/\s+/)
    .filter((word) => word !== "");
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
    ...typescriptEnvironment(options),
  };
}

function typescriptEnvironment(options: Map<string, unknown>): NodeJS.ProcessEnv {
  return {
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
async function endOf(program: ChildProcess): Promise<number> {
  if (program.exitCode !== null) return program.exitCode;
  return new Promise((resolve, reject) => {
    program.once("error", reject);
    program.once("close", (code) => resolve(code ?? -1));
  });
}

function stopPrograms(signal: NodeJS.Signals): void {
  for (const program of programs) program.kill(signal);
}
