/** The stand-in for Pulumi's language host for Go: goHost.ts GENERATOR, and what the engine adds. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import languagePb from "@pulumi/pulumi/proto/language_pb.js";

import { generatePackage, installDependencies } from "./hosts/packages.ts";
import { runShown } from "./hosts/programs.ts";
import { configuration, type Engine, runResponse, serveHost } from "./hosts/serveHost.ts";
import { unary } from "./protocol/grpc.ts";

const [generator = "", ...given] = process.argv.slice(2);

await serveHost(given, (engine) => ({
  about: unary(() => new languagePb.AboutResponse().setExecutable("go")),
  installDependencies: installDependencies(() => [["go", "mod", "tidy"]]),
  generatePackage: generatePackage(generator, "go"),
  link: unary(link),
  run: unary(async (request: languagePb.RunRequest) => run(request, engine)),
}));

/** Builds the program into a folder of its own, and runs it. */
async function run(request: languagePb.RunRequest, engine: Engine): Promise<languagePb.RunResponse> {
  const info = request.getInfo() ?? new languagePb.ProgramInfo();
  const cwd = info.getProgramDirectory();
  const folder = await mkdtemp(path.join(tmpdir(), "pulumi-go-"));
  try {
    const program = path.join(folder, "program");
    const build = ["build", "-o", program, info.getEntryPoint() || "."];
    if ((await runShown("go", build, { cwd })) !== 0)
      return new languagePb.RunResponse().setError("The Go program could not be built: see above.");
    const env = { ...process.env, ...configuration(request), ...programEnvironment(request, engine) };
    return runResponse(await runShown(program, request.getArgsList(), { cwd, env }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function programEnvironment(request: languagePb.RunRequest, engine: Engine): NodeJS.ProcessEnv {
  return {
    PULUMI_MONITOR: request.getMonitorAddress(),
    PULUMI_ENGINE: engine.address,
    PULUMI_ORGANIZATION: request.getOrganization(),
    PULUMI_PROJECT: request.getProject(),
    PULUMI_STACK: request.getStack(),
    PULUMI_ROOT_DIRECTORY: request.getInfo()?.getRootDirectory() ?? "",
    PULUMI_PARALLEL: String(request.getParallel()),
    PULUMI_DRY_RUN: String(request.getDryrun()),
  };
}

/** Makes packages known to a program by their folders. */
async function link(request: languagePb.LinkRequest): Promise<languagePb.LinkResponse> {
  const folder = request.getInfo()?.getProgramDirectory() ?? "";
  for (const dependency of request.getPackagesList()) {
    const place = path.resolve(folder, dependency.getPath());
    const module = /^module (\S+)$/m.exec(await readFile(path.join(place, "go.mod"), "utf8"))?.[1];
    const replacement = `-replace=${module}=./${path.relative(folder, place)}`;
    const exitCode = await runShown("go", ["mod", "edit", replacement], { cwd: folder });
    if (exitCode !== 0) throw new Error(`go mod edit ${replacement} ended with ${exitCode}.`);
  }
  return new languagePb.LinkResponse();
}
