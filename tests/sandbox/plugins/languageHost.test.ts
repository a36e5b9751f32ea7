import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import grpc from "@grpc/grpc-js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { isAlive, start, startBelowShell, type Started } from "./started.ts";

/** What stands in for the SDK's runner: writes down how it was called, then does what the entry point's name says. */
const runner = `
const { writeFileSync } = require("node:fs");
const [, , ...args] = process.argv;
const { PULUMI_CONFIG, PULUMI_CONFIG_SECRET_KEYS, PULUMI_NODEJS_TYPESCRIPT, PULUMI_NODEJS_TSCONFIG_PATH } = process.env;
const env = { PULUMI_CONFIG, PULUMI_CONFIG_SECRET_KEYS, PULUMI_NODEJS_TYPESCRIPT, PULUMI_NODEJS_TSCONFIG_PATH };
writeFileSync(process.env.NOTES, JSON.stringify({ args, env, pid: process.pid, execArgv: process.execArgv }));
const entry = args.at(-1);
console.log("to standard output");
console.error("to standard error");
if (entry === "wait") setInterval(() => {}, 1000);
else process.exit(Number(entry));
`;

let folder: string;
let notes: string;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "language-host-"));
  notes = path.join(folder, "notes.json");
  const script = path.join(folder, "runner.cjs");
  await writeFile(script, runner);
  environment = { NOTES: notes, PULUMI_LANGUAGE_NODEJS_RUN_PATH: script };
});
afterAll(async () => rm(folder, { recursive: true }));

const clients: grpc.Client[] = [];
const hosts: Started[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const host of hosts.splice(0)) {
    host.process.kill("SIGKILL");
    await host.end;
  }
});

describe("a program", () => {
  it("is told everything that it needs", async () => {
    const { client } = await startHost();
    const request = runRequest("0")
      .setDryrun(true)
      .setParallel(7)
      .setConfigsecretkeysList(["project:secret"])
      .setArgsList(["0"]);
    request.getConfigMap().set("project:key", "value").set("azuread:tenantId", "t");
    await run(client, request);
    const { args, env, execArgv } = JSON.parse(await readFile(notes, "utf8"));
    const places = "--monitor 127.0.0.1:1 --engine 127.0.0.1:2 --organization organization";
    const names = "--project project --root-directory /root-directory --stack stack";
    expect(args.join(" ")).toBe(`${places} ${names} --pwd ${folder} --parallel 7 --dry-run 0 0`);
    expect(JSON.parse(env.PULUMI_CONFIG)).toEqual({
      "project:config:key": "value",
      "azuread:config:tenantId": "t",
    });
    expect(JSON.parse(env.PULUMI_CONFIG_SECRET_KEYS)).toEqual(["project:secret"]);
    expect(env.PULUMI_NODEJS_TYPESCRIPT).toBe("true");
    expect(execArgv).toEqual([]);
  });

  it("is run with the project's options", async () => {
    const { client } = await startHost();
    const options = { typescript: false, nodeargs: "--no-warnings  --trace-exit", tsconfig: "./other.json" };
    const request = runRequest("0");
    request.getInfo()?.setOptions(structPb.Struct.fromJavaScript(options));
    await run(client, request);
    const { env, execArgv } = JSON.parse(await readFile(notes, "utf8"));
    expect(execArgv).toEqual(["--no-warnings", "--trace-exit"]);
    expect(env.PULUMI_NODEJS_TYPESCRIPT).toBeUndefined();
    expect(env.PULUMI_NODEJS_TSCONFIG_PATH).toBe("./other.json");
  });

  it("that ends well says no more than what it wrote", async () => {
    const { client, host } = await startHost();
    const response = await run(client, runRequest("0"));
    expect([response.getError(), response.getBail()]).toEqual(["", false]);
    expect(host.output()).toContain("to standard output\n");
    expect(host.output()).toContain("to standard error\n");
  });

  it("that has told the user what failed needs no more words", async () => {
    const { client } = await startHost();
    const response = await run(client, runRequest("32"));
    expect([response.getError(), response.getBail()]).toEqual(["", true]);
  });

  it("that fails otherwise is reported by its exit code", async () => {
    const { client } = await startHost();
    const response = await run(client, runRequest("7"));
    expect([response.getError(), response.getBail()]).toEqual([
      "Program exited with non-zero exit code: 7",
      false,
    ]);
  });

  it("without the SDK is reported as such", async () => {
    const { client } = await startHost({ PULUMI_LANGUAGE_NODEJS_RUN_PATH: "./nothing.js" });
    const response = await run(client, runRequest("0"));
    expect(response.getError()).toContain("It looks like the Pulumi SDK has not been installed");
  });
});

it.each(["SIGINT", "SIGTERM"] as const)("ends with its program on %s", async (signal) => {
  const { client, host } = await startHost();
  const pid = await startWaiting(client);
  host.process.kill(signal);
  expect(await host.end).toBe(0);
  expect(isAlive(pid)).toBe(false);
});

it("ends with its program once the engine is gone, even if that was killed", async () => {
  const engine = await startBelowShell("languageHost.ts", "127.0.0.1:2", environment);
  hosts.push(engine);
  const pid = await startWaiting(connect(engine.port));
  engine.process.kill("SIGKILL");
  expect(await engine.end).toBeNull();
  expect(isAlive(pid)).toBe(false);
});

it("ends its program when the engine cancels", async () => {
  const { client } = await startHost();
  const pid = await startWaiting(client);
  await new Promise((resolve) => client.cancel(new emptyPb.Empty(), resolve));
  await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false);
});

it("needs no packages beforehand", async () => {
  const { client } = await startHost();
  const response = await new Promise<languagePb.GetRequiredPackagesResponse>((resolve, reject) => {
    client.getRequiredPackages(new languagePb.GetRequiredPackagesRequest(), (error, packages) => {
      if (error === null) resolve(packages);
      else reject(error);
    });
  });
  expect(response.getPackagesList()).toEqual([]);
});

describe("a policy pack", () => {
  /** Stands in for the SDK's runner of packs in the pack's own packages. */
  const packRunner = `
const { PULUMI_NODEJS_TYPESCRIPT, GIVEN } = process.env;
console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), pid: process.pid, execArgv: process.execArgv, PULUMI_NODEJS_TYPESCRIPT, GIVEN }));
console.error("to standard error");
if (process.env.GIVEN === "end") process.exit(3);
else setInterval(() => {}, 1000);
`;
  let pack: string;
  beforeAll(async () => {
    pack = path.join(folder, "pack");
    const runners = path.join(pack, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    await mkdir(runners, { recursive: true });
    await writeFile(path.join(runners, "index.js"), packRunner);
  });

  /** Runs it, and gives what it said, and how it ended if it did. */
  function runPack(client: languageGrpc.LanguageRuntimeClient, given: string, kind = "analyzer") {
    const options = structPb.Struct.fromJavaScript({ typescript: false, nodeargs: "--no-warnings" });
    const info = new languagePb.ProgramInfo().setProgramDirectory(pack).setOptions(options);
    const request = new languagePb.RunPluginRequest()
      .setKind(kind)
      .setInfo(info)
      .setArgsList(["127.0.0.1:2"])
      .setEnvList([`GIVEN=${given}`]);
    const said = { stdout: "", stderr: "", exitCodes: [] as number[], error: "" };
    const call = client.runPlugin(request);
    call.on("data", (response: languagePb.RunPluginResponse) => {
      said.stdout += Buffer.from(response.getStdout_asU8()).toString();
      said.stderr += Buffer.from(response.getStderr_asU8()).toString();
      if (response.hasExitcode()) said.exitCodes.push(response.getExitcode());
    });
    const end = new Promise<void>((resolve) => {
      call.on("end", resolve);
      call.on("error", ({ message }) => {
        said.error = message;
        resolve();
      });
    });
    return { call, said, end };
  }

  it("runs in its own folder with what it is given, and says how it ended", async () => {
    const { client } = await startHost();
    const { said, end } = runPack(client, "end");
    await end;
    expect(JSON.parse(said.stdout)).toEqual({
      args: ["127.0.0.1:2", pack],
      cwd: pack,
      pid: expect.any(Number) as unknown,
      execArgv: ["--no-warnings"],
      GIVEN: "end",
    });
    expect({ ...said, stdout: "" }).toEqual({
      stdout: "",
      stderr: "to standard error\n",
      exitCodes: [3],
      error: "",
    });
  });

  it("ends when the engine wants nothing of it any more", async () => {
    const { client } = await startHost();
    const { call, said, end } = runPack(client, "wait");
    await expect.poll(() => said.stdout, { timeout: 10_000 }).toContain("pid");
    const { pid } = JSON.parse(said.stdout) as { pid: number };
    expect(isAlive(pid)).toBe(true);
    call.cancel();
    await end;
    await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false);
  });

  it("without its packages is refused", async () => {
    const { client } = await startHost();
    await rm(path.join(pack, "node_modules"), { recursive: true });
    const bare = runPack(client, "end");
    await bare.end;
    expect(bare.said.error).toContain(
      `The packages of the policy pack are not installed. Run \`npm install\` in "${pack}".`,
    );
    const plugin = runPack(client, "end", "resource");
    await plugin.end;
    expect(plugin.said.error).toContain(
      `The packages of the plugin are not installed. Run \`npm install\` in "${pack}".`,
    );
  });
});

describe("a component package", () => {
  let plugin: string;
  beforeAll(async () => {
    plugin = path.join(folder, "plugin");
    for (const module of ["run", "run-plugin"]) {
      const runners = path.join(plugin, "node_modules/@pulumi/pulumi/cmd", module);
      // oxlint-disable-next-line no-await-in-loop -- two folders.
      await mkdir(runners, { recursive: true });
      // oxlint-disable-next-line no-await-in-loop -- two files.
      await writeFile(
        path.join(runners, "index.js"),
        "console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd() }));",
      );
    }
  });

  it("runs where the engine says, with its folder before the engine's address", async () => {
    const { client } = await startHost();
    const info = new languagePb.ProgramInfo().setProgramDirectory(plugin);
    const request = new languagePb.RunPluginRequest()
      .setKind("resource")
      .setInfo(info)
      .setPwd(folder)
      .setArgsList(["127.0.0.1:2"]);
    const call = client.runPlugin(request);
    let stdout = "";
    call.on("data", (response: languagePb.RunPluginResponse) => {
      stdout += Buffer.from(response.getStdout_asU8()).toString();
    });
    await new Promise((resolve, reject) => call.on("end", resolve).on("error", reject));
    expect(JSON.parse(stdout)).toEqual({ args: [plugin, "127.0.0.1:2"], cwd: folder });
  });

  it("gets no packages where it finds the SDK, and npm's words where npm fails", async () => {
    const { client } = await startHost();
    expect(await install(client, plugin)).toBe("");
    const broken = path.join(folder, "broken");
    await mkdir(broken);
    await writeFile(path.join(broken, "package.json"), "{");
    expect(await install(client, broken)).toContain(`npm install ended with 1 in "${broken}".`);
  });
});

/** Has a plugin's packages installed, and gives the error. */
async function install(client: languageGrpc.LanguageRuntimeClient, directory: string): Promise<string> {
  const info = new languagePb.ProgramInfo().setProgramDirectory(directory);
  const call = client.installDependencies(new languagePb.InstallDependenciesRequest().setInfo(info));
  call.on("data", () => {});
  return new Promise((resolve) => {
    call.on("end", () => resolve("")).on("error", ({ message }: Error) => resolve(message));
  });
}

async function startHost(others: NodeJS.ProcessEnv = {}) {
  const host = await start("languageHost.ts", ["127.0.0.1:2"], { ...environment, ...others });
  hosts.push(host);
  return { client: connect(host.port), host };
}

function connect(port: number): languageGrpc.LanguageRuntimeClient {
  const address = `127.0.0.1:${port}`;
  const client = new languageGrpc.LanguageRuntimeClient(address, grpc.credentials.createInsecure());
  clients.push(client);
  return client;
}

/** The entry point's name is the exit code, or `wait`. */
function runRequest(entryPoint: string): languagePb.RunRequest {
  const info = new languagePb.ProgramInfo()
    .setProgramDirectory(folder)
    .setRootDirectory("/root-directory")
    .setEntryPoint(entryPoint);
  return new languagePb.RunRequest()
    .setMonitorAddress("127.0.0.1:1")
    .setOrganization("organization")
    .setProject("project")
    .setStack("stack")
    .setInfo(info);
}

async function run(
  client: languageGrpc.LanguageRuntimeClient,
  request: languagePb.RunRequest,
): Promise<languagePb.RunResponse> {
  return new Promise((resolve, reject) => {
    client.run(request, (error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });
}

/** Starts a program that does not end by itself, and returns its process id. */
async function startWaiting(client: languageGrpc.LanguageRuntimeClient): Promise<number> {
  await rm(notes, { force: true });
  run(client, runRequest("wait")).catch(() => undefined);
  const read = async () => JSON.parse(await readFile(notes, "utf8").catch(() => "{}")).pid;
  await expect.poll(read, { timeout: 10_000 }).toBeTypeOf("number");
  return read();
}
