/** The stand-in for Pulumi's language host for Python: pythonHost.ts EXECUTOR GENERATOR, and what the engine adds. */
import { existsSync } from "node:fs";
import { appendFile, readFile } from "node:fs/promises";
import path from "node:path";

import languagePb from "@pulumi/pulumi/proto/language_pb.js";

import { generatePackage, installDependencies } from "./hosts/packages.ts";
import { runShown } from "./hosts/programs.ts";
import { configuration, type Engine, runResponse, serveHost, textOptions } from "./hosts/serveHost.ts";
import { unary } from "./protocol/grpc.ts";

const [executor = "", generator = "", ...given] = process.argv.slice(2);
const list = "requirements.txt";

await serveHost(given, (engine) => ({
  about: unary(() => new languagePb.AboutResponse().setExecutable("python3")),
  installDependencies: installDependencies((info) => {
    const environment = virtualEnvironment(info);
    const install = ["-m", "pip", "install", "--quiet", "--requirement", list] as const;
    if (environment === undefined) return [["python3", ...install]];
    const create = ["python3", "-m", "venv", environment] as const;
    return [...(existsSync(environment) ? [] : [create]), [pythonOf(environment), ...install]];
  }),
  generatePackage: generatePackage(generator, "python"),
  link: unary(link),
  run: unary(async (request: languagePb.RunRequest) => run(request, engine)),
}));

async function run(request: languagePb.RunRequest, engine: Engine): Promise<languagePb.RunResponse> {
  const info = request.getInfo() ?? new languagePb.ProgramInfo();
  const environment = virtualEnvironment(info);
  if (environment !== undefined && !existsSync(pythonOf(environment)))
    return new languagePb.RunResponse().setError(
      `The virtual environment ${JSON.stringify(environment)} is missing. Run \`pulumi install\`.`,
    );
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engine.address,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    root_directory: info.getRootDirectory(),
    pwd: info.getProgramDirectory(),
    parallel: String(request.getParallel()),
    dry_run: String(request.getDryrun()),
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const python = environment === undefined ? "python3" : pythonOf(environment);
  const exitCode = await runShown(
    python,
    [executor, ...args, info.getEntryPoint() || ".", ...request.getArgsList()],
    {
      cwd: info.getProgramDirectory(),
      env: { ...process.env, ...configuration(request), PYTHONUNBUFFERED: "1" },
    },
  );
  return runResponse(exitCode);
}

/** Makes packages known to a program by their folders. */
async function link(request: languagePb.LinkRequest): Promise<languagePb.LinkResponse> {
  const folder = request.getInfo()?.getProgramDirectory() ?? "";
  const file = path.join(folder, list);
  const listed = await readFile(file, "utf8").catch(() => "");
  const known = new Set(listed.split("\n").map((line) => line.trim()));
  const missing = request
    .getPackagesList()
    .map((dependency) => path.relative(folder, path.resolve(folder, dependency.getPath())))
    .filter((place) => !known.has(place));
  const separator = listed === "" || listed.endsWith("\n") ? "" : "\n";
  if (missing.length > 0) await appendFile(file, `${separator}${missing.join("\n")}\n`);
  return new languagePb.LinkResponse();
}

/** Where the project has its packages; undefined where it uses those of the machine. */
function virtualEnvironment(info: languagePb.ProgramInfo): string | undefined {
  const name = textOptions(info).get("virtualenv");
  return name && path.resolve(info.getRootDirectory(), name);
}

function pythonOf(environment: string): string {
  return path.join(environment, "bin", "python");
}
