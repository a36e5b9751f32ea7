import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import languagePb from "@pulumi/pulumi/proto/language_pb.js";

import { streaming, unary } from "../protocol/grpc.ts";
import { endOf, start } from "./programs.ts";

/**
 * Writes the SDK of a package, as Pulumi's own language hosts do.
 *
 * @param generator the program that `findSdkGenerator` gives
 * @param language as the generator names it
 */
export function generatePackage(generator: string, language: string) {
  return unary(async (request: languagePb.GeneratePackageRequest) => {
    const folder = await mkdtemp(path.join(tmpdir(), "pulumi-schema-"));
    const schema = path.join(folder, "schema.json");
    try {
      await writeFile(schema, request.getSchema());
      await finish(start(generator, [language, schema, request.getDirectory()]), "The generator of SDKs");
    } finally {
      await rm(folder, { recursive: true });
    }
    return new languagePb.GeneratePackageResponse();
  });
}

/**
 * Installs what a program needs.
 *
 * @param steps the commands, of which one follows the other in the program's folder
 */
export function installDependencies(
  steps: (info: languagePb.ProgramInfo) => readonly (readonly [string, ...(readonly string[])])[],
) {
  return streaming(
    async (
      request: languagePb.InstallDependenciesRequest,
      send: (response: languagePb.InstallDependenciesResponse) => void,
    ) => {
      const info = request.getInfo() ?? new languagePb.ProgramInfo();
      for (const [command, ...args] of steps(info)) {
        const program = start(command, args, { cwd: info.getProgramDirectory() });
        program.stdout.on("data", (bytes: Buffer) =>
          send(new languagePb.InstallDependenciesResponse().setStdout(bytes)),
        );
        await finish(program, `${path.basename(command)} ${args.join(" ")}`);
      }
    },
  );
}

/** Waits for a program. */
async function finish(program: ReturnType<typeof start>, title: string): Promise<void> {
  let said = "";
  program.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
  program.stdout.resume();
  const code = await endOf(program);
  if (code !== 0) throw new Error(`${title} ended with ${code}: ${said.trim()}`);
}
