import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import grpc from "@grpc/grpc-js";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { start, type Started } from "./started.ts";

// The stand-ins for Python and Go. Python, Go and the generator of SDKs are shell scripts here.
let folder: string;
let notes: string;
let host: Started | undefined;
let client: languageGrpc.LanguageRuntimeClient;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "language-hosts-"));
  notes = path.join(folder, "notes");
  await mkdir(path.join(folder, "program"));
});

afterEach(async () => {
  client.close();
  host?.process.kill("SIGKILL");
  await host?.end;
  await rm(folder, { recursive: true });
});

/** Writes a script in the folder whose programs come first. */
async function script(name: string, text: string): Promise<string> {
  const file = path.join(folder, "bin", name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
  return file;
}

async function startHost(file: string, ...tools: readonly string[]): Promise<void> {
  const PATH = `${path.join(folder, "bin")}:/usr/bin:/bin`;
  host = await start(file, [...tools, "127.0.0.1:2"], { PATH });
  client = new languageGrpc.LanguageRuntimeClient(
    `127.0.0.1:${host.port}`,
    grpc.credentials.createInsecure(),
  );
}

function answerTo<Response>(
  call: (done: (error: Error | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error ? reject(error) : resolve(response)));
  });
}

const info = (options: Record<string, structPb.JavaScriptValue> = {}) =>
  new languagePb.ProgramInfo()
    .setRootDirectory(path.join(folder, "program"))
    .setProgramDirectory(path.join(folder, "program"))
    .setEntryPoint(".")
    .setOptions(structPb.Struct.fromJavaScript(options));

function run(given = info()): Promise<languagePb.RunResponse> {
  const request = new languagePb.RunRequest()
    .setMonitorAddress("127.0.0.1:1")
    .setOrganization("organization")
    .setProject("project")
    .setStack("stack")
    .setParallel(7)
    .setDryrun(true)
    .setConfigsecretkeysList(["project:secret"])
    .setInfo(given);
  request.getConfigMap().set("project:key", "value");
  return answerTo((done) => client.run(request, done));
}

async function link(): Promise<void> {
  const dependency = new languagePb.LinkRequest.LinkDependency().setPath("sdks/exchange-auth");
  const request = new languagePb.LinkRequest().setInfo(info()).setPackagesList([dependency]);
  await answerTo<languagePb.LinkResponse>((done) => client.link(request, done));
}

async function install(given = info()): Promise<string> {
  const stream = client.installDependencies(new languagePb.InstallDependenciesRequest().setInfo(given));
  stream.on("data", () => {});
  return new Promise((resolve) => {
    stream.on("end", () => resolve("")).on("error", ({ message }: Error) => resolve(message));
  });
}

describe("Python", () => {
  const virtual = { virtualenv: "venv" };

  beforeEach(async () => {
    await script("python3", `echo "$*" >> '${notes}'; echo "$PULUMI_CONFIG" >> '${notes}'`);
  });

  test("a program is told everything that it needs, as Pulumi's script takes it", async () => {
    await startHost("pythonHost.ts", "/executor", "/generator");
    expect((await run()).toObject()).toMatchObject({ error: "", bail: false });
    const program = path.join(folder, "program");
    const flags = `--monitor 127.0.0.1:1 --engine 127.0.0.1:2 --organization organization --project project --stack stack --root_directory ${program} --pwd ${program} --parallel 7 --dry_run true`;
    expect(await readFile(notes, "utf8")).toBe(`/executor ${flags} .\n{"project:key":"value"}\n`);
  });

  test.each([
    [32, "", true],
    [7, "Program exited with non-zero exit code: 7", false],
  ])("a program that ends with %d", async (code, error, bail) => {
    await script("python3", `exit ${code}`);
    await startHost("pythonHost.ts", "/executor", "/generator");
    expect((await run()).toObject()).toMatchObject({ error, bail });
  });

  test("a virtual environment that is missing is named, and made by an installation", async () => {
    await startHost("pythonHost.ts", "/executor", "/generator");
    const place = path.join(folder, "program/venv");
    expect((await run(info(virtual))).getError()).toBe(
      `The virtual environment "${place}" is missing. Run \`pulumi install\`.`,
    );
    expect(await install(info(virtual))).toContain("ENOENT");
    expect(await readFile(notes, "utf8")).toContain(`-m venv ${place}\n`);
  });

  test("a package is listed once", async () => {
    await startHost("pythonHost.ts", "/executor", "/generator");
    const list = path.join(folder, "program/requirements.txt");
    await writeFile(list, "pulumi==3.259.0");
    await link();
    await link();
    expect(await readFile(list, "utf8")).toBe("pulumi==3.259.0\nsdks/exchange-auth\n");
  });

  test("an installation that fails ends in pip's words", async () => {
    await script("python3", 'echo "no such package" >&2; exit 1');
    await startHost("pythonHost.ts", "/executor", "/generator");
    expect(await install()).toContain(
      "python3 -m pip install --quiet --requirement requirements.txt ended with 1: no such package",
    );
  });
});

describe("Go", () => {
  test("a program is built, and told everything that it needs", async () => {
    await script(
      "go",
      `[ "$1" = build ] || exit 1\nprintf '#!/bin/sh\\nenv | grep ^PULUMI_ | sort > %s' '${notes}' > "$3"; chmod +x "$3"`,
    );
    await startHost("goHost.ts", "/generator");
    expect((await run()).toObject()).toMatchObject({ error: "", bail: false });
    const told = (await readFile(notes, "utf8")).trim().split("\n");
    const wanted = [
      'PULUMI_CONFIG={"project:key":"value"}',
      'PULUMI_CONFIG_SECRET_KEYS=["project:secret"]',
      "PULUMI_DRY_RUN=true",
      "PULUMI_ENGINE=127.0.0.1:2",
      "PULUMI_MONITOR=127.0.0.1:1",
      "PULUMI_ORGANIZATION=organization",
      "PULUMI_PARALLEL=7",
      "PULUMI_PROJECT=project",
      `PULUMI_ROOT_DIRECTORY=${path.join(folder, "program")}`,
      "PULUMI_STACK=stack",
    ];
    expect(told.filter((line) => wanted.includes(line))).toEqual(wanted);
  });

  test("a program that does not compile is not run", async () => {
    await script("go", 'echo "main.go:3: undefined: x" >&2; exit 1');
    await startHost("goHost.ts", "/generator");
    expect((await run()).getError()).toBe("The Go program could not be built: see above.");
    expect(host?.output()).toContain("main.go:3: undefined: x");
  });

  test("a package's module is replaced by its folder", async () => {
    await script("go", `echo "$*" > '${notes}'`);
    const sdk = path.join(folder, "program/sdks/exchange-auth");
    await mkdir(sdk, { recursive: true });
    await writeFile(path.join(sdk, "go.mod"), "module example.com/sdk/go\n\ngo 1.25\n");
    await startHost("goHost.ts", "/generator");
    await link();
    expect(await readFile(notes, "utf8")).toBe("mod edit -replace=example.com/sdk/go=./sdks/exchange-auth\n");
  });

  test("an SDK is written by the generator, whose words are the answer if it fails", async () => {
    const generator = await script(
      "sdks",
      `cat "$2" > '${notes}'; [ "$3" = /sdk ] || { echo broken >&2; exit 1; }`,
    );
    await startHost("goHost.ts", generator);
    const request = new languagePb.GeneratePackageRequest().setSchema('{"name":"x"}').setDirectory("/sdk");
    const generate = () =>
      answerTo<languagePb.GeneratePackageResponse>((done) => client.generatePackage(request, done));
    await generate();
    expect(await readFile(notes, "utf8")).toBe('{"name":"x"}');
    request.setDirectory("/other");
    await expect(generate()).rejects.toThrow("The generator of SDKs ended with 1: broken");
  });
});
