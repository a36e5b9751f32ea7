import { fileURLToPath } from "node:url";

import { findGoProgram, type FindGoProgramOptions } from "./keptGoProgram.ts";

/** The version of Pulumi's language host for YAML that belongs to the CLI of `pulumiVersion.ts`. */
export const yamlHostVersion = "1.38.3";

/**
 * Finds Pulumi's language host for YAML in the user's cache, or builds it with Go. A CLI as Pulumi releases it has one
 * beside it, and needs none of this.
 *
 * @returns its path
 * @throws SandboxError where Go is missing or fails, with its last words
 */
export async function findYamlHost(options?: FindGoProgramOptions): Promise<string> {
  const program = {
    title: "Pulumi's language host for YAML",
    cacheName: "pulumi-yaml",
    cacheVersion: yamlHostVersion,
    executable: "pulumi-language-yaml",
    duration: "2 to 4 minutes",
    moduleFolder: fileURLToPath(new URL("yaml", import.meta.url)),
    mainPackage: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    version: `github.com/pulumi/pulumi-yaml/pkg/version.Version=v${yamlHostVersion}`,
    packageCount: "700",
  };
  return findGoProgram(program, options);
}
