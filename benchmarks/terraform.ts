import { copyFileSync, existsSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { StackWorkspace } from "../sandbox/workspace/workspace.ts";
import { succeed } from "./operation.ts";

const providers = ["azuread", "random", "tls"];

/** Terraform, with the resources of the flat program in the tenant of a stack. */
export interface Terraform {
  /** Runs one of its commands to its end. @throws where it fails */
  readonly run: (...args: readonly string[]) => Promise<void>;
}

/**
 * Terraform where the variable `TERRAFORM_PROVIDERS` names a folder with the providers azuread, random and tls; undefined
 * where it does not.
 *
 * @param folder an empty one for its configuration and state
 * @param stack whose identity and tenant it uses
 * @throws where a provider is missing
 */
export function terraformIn(folder: string, stack: StackWorkspace): Terraform | undefined {
  const place = process.env["TERRAFORM_PROVIDERS"];
  if (place === undefined || place === "") return undefined;
  const missing = providers
    .map((name) => `terraform-provider-${name}`)
    .filter((file) => !existsSync(path.join(place, file)));
  if (missing.length > 0) throw new Error(`TERRAFORM_PROVIDERS lacks ${missing.join(", ")}, got "${place}".`);
  copyFileSync(path.join(import.meta.dirname, "terraform", "main.tf"), path.join(folder, "main.tf"));
  const overrides = providers.map((name) => `"hashicorp/${name}" = ${JSON.stringify(path.resolve(place))}`);
  const settings = path.join(folder, "terraform.rc");
  writeFileSync(settings, `provider_installation {\ndev_overrides {\n${overrides.join("\n")}\n}\n}\n`);
  const env = { ...stack.env, TF_CLI_CONFIG_FILE: settings, CHECKPOINT_DISABLE: "1" };
  return { run: async (...args) => succeed(stack, ["terraform", `-chdir=${folder}`, ...args], env) };
}
