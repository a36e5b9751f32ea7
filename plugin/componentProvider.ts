import * as pulumi from "@pulumi/pulumi";
import type { ConstructResult, Provider } from "@pulumi/pulumi/provider/index.js";

import { componentType } from "../common/typeTokens.ts";
import { type ExchangeAppOnlyAuthArgs, resolveArguments } from "../components/arguments/resolveArguments.ts";
import { ExchangeAppOnlyAuth } from "../components/index.ts";
import { outputsOf } from "../components/outputs.ts";
import { problemsError } from "../components/problems.ts";

/**
 * The component as a plugin, for programs in Pulumi's other languages.
 *
 * @param schema the package schema, as JSON: what languages learn the component from
 */
export function componentProvider(schema: string): Provider {
  const { version } = JSON.parse(schema) as { readonly version: string };
  return { version, schema, construct };
}

/**
 * Creates the component with the arguments and options of a program.
 *
 * @throws InputPropertiesError with every problem of the arguments, before anything is registered. It names them in its
 *   message, not one by one: of those, the engine prints the value too, which may be a private key.
 */
async function construct(
  name: string,
  type: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
): Promise<ConstructResult> {
  if (type !== componentType)
    throw new Error(`The package has the component ${componentType} alone, got "${type}".`);
  const args: ExchangeAppOnlyAuthArgs = inputs;
  const { problems } = resolveArguments(args);
  const subject = `ExchangeAppOnlyAuth "${name}"`;
  if (problems.length > 0)
    throw new pulumi.InputPropertiesError({
      message: problemsError({ subject, problems }).message,
      errors: [],
    });
  const component = new ExchangeAppOnlyAuth(name, args, options);
  return { urn: component.urn, state: outputsOf(component) };
}
