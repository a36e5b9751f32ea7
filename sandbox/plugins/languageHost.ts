import { createRequire } from "node:module";
import path from "node:path";

import languagePb from "@pulumi/pulumi/proto/language_pb.js";

import { endOf, runShown, start } from "./hosts/programs.ts";
import { configuration, type Engine, runResponse, serveHost, textOptions } from "./hosts/serveHost.ts";
import { streaming, unary } from "./protocol/grpc.ts";

await serveHost(process.argv.slice(2), (engine) => ({
  about: unary(() =>
    new languagePb.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
  ),
  // A plugin's packages are those of the repository, or npm's from its folder.
  installDependencies: streaming(installDependencies),
  run: unary(async (request: languagePb.RunRequest) => run(request, engine)),
  runPlugin: streaming(runPlugin),
}));

async function run(request: languagePb.RunRequest, engine: Engine): Promise<languagePb.RunResponse> {
  const folder = request.getInfo()?.getProgramDirectory() || request.getPwd();
  const runner = locate(folder, process.env["PULUMI_LANGUAGE_NODEJS_RUN_PATH"] ?? "@pulumi/pulumi/cmd/run");
  if (runner === undefined) {
    return new languagePb.RunResponse().setError(
      "It looks like the Pulumi SDK has not been installed. Have you run pulumi install?\n",
    );
  }
  const args = [...nodeArguments(request.getInfo()), runner, ...programArguments(request, engine, folder)];
  return runResponse(
    await runShown(process.execPath, args, { env: { ...process.env, ...programEnvironment(request) } }),
  );
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
  const given = request.getArgsList();
  const plugin = start(
    process.execPath,
    [
      ...nodeArguments(request.getInfo()),
      runner,
      ...(isPolicyPack ? [...given, folder] : [folder, ...given]),
    ],
    {
      cwd: isPolicyPack ? folder : request.getPwd(),
      env: {
        ...process.env,
        ...givenEnvironment(request.getEnvList()),
        ...typescriptEnvironment(request.getInfo()),
      },
    },
  );
  plugin.stdout.on("data", (bytes: Buffer) => send(new languagePb.RunPluginResponse().setStdout(bytes)));
  plugin.stderr.on("data", (bytes: Buffer) => send(new languagePb.RunPluginResponse().setStderr(bytes)));
  abandoned.addEventListener("abort", () => plugin.kill());
  send(new languagePb.RunPluginResponse().setExitcode(await endOf(plugin)));
}

/** Installs the packages of a program or a plugin, unless they are there. */
async function installDependencies(
  request: languagePb.InstallDependenciesRequest,
  send: (response: languagePb.InstallDependenciesResponse) => void,
): Promise<void> {
  const folder = request.getInfo()?.getProgramDirectory() ?? "";
  if (locate(folder, "@pulumi/pulumi/cmd/run") !== undefined) return;
  const npm = start("npm", ["install", "--omit=dev", "--loglevel=error"], { cwd: folder });
  npm.stdout.on("data", (bytes: Buffer) =>
    send(new languagePb.InstallDependenciesResponse().setStdout(bytes)),
  );
  npm.stderr.on("data", (bytes: Buffer) =>
    send(new languagePb.InstallDependenciesResponse().setStderr(bytes)),
  );
  const code = await endOf(npm);
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

function nodeArguments(info: languagePb.ProgramInfo | undefined): string[] {
  return (textOptions(info).get("nodeargs") ?? "").split(/\s+/).filter((word) => word !== "");
}

function programArguments(request: languagePb.RunRequest, engine: Engine, folder: string): string[] {
  const given = {
    monitor: request.getMonitorAddress(),
    engine: engine.address,
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

function programEnvironment(request: languagePb.RunRequest): NodeJS.ProcessEnv {
  return {
    // The SDK still reads keys in their older form, with `config` in the middle.
    ...configuration(request, (key) => key.replace(":", ":config:")),
    ...typescriptEnvironment(request.getInfo()),
  };
}

function typescriptEnvironment(info: languagePb.ProgramInfo | undefined): NodeJS.ProcessEnv {
  const tsconfig = textOptions(info).get("tsconfig");
  return {
    ...(info?.getOptions()?.toJavaScript()["typescript"] !== false && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(tsconfig && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
}
