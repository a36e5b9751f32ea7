import * as pulumi from "@pulumi/pulumi";

import { saysNoRole } from "../common/rolesSetting.ts";
import { argumentKeys } from "./arguments/argumentKeys.ts";
import { type ExchangeAppOnlyAuthArgs, resolveArguments } from "./arguments/resolveArguments.ts";
import { problemsError } from "./problems.ts";
import { strayKeysProblem } from "./strayKeys.ts";

/**
 * Reads the component's arguments from the stack's configuration, under the project's own namespace.
 *
 * Pulumi.yaml declares each key with an empty default, since a declared key without one would be required; so an empty
 * value means "not set", and the component's own default holds: `roles` has a word for none. What is not an argument, or
 * not of its form, is passed on as it is, so that the component names every problem in one error.
 *
 * @throws ResourceError where `roles` is not set and the settings seem to stand in another namespace: they would have no
 *   effect, and the default role may be wider than the one that was meant.
 */
export function configuredArguments(): ExchangeAppOnlyAuthArgs {
  const config = new pulumi.Config();
  const all = Object.keys(pulumi.runtime.allConfig());
  const own = all
    .filter((key) => key.startsWith(`${config.name}:`))
    .map((key) => key.slice(config.name.length + 1));
  const args: ExchangeAppOnlyAuthArgs = Object.fromEntries(
    own.map((key) => [key, valueOf(config, key)]).filter(([, value]) => !isEmpty(value)),
  );
  if (saysNoRole(args.roles)) return { ...args, roles: [] };
  const stray = args.roles === undefined ? strayKeysProblem(config) : undefined;
  if (stray !== undefined)
    throw problemsError({
      subject: "The stack's configuration",
      problems: [stray, ...resolveArguments(args).problems],
    });
  return args;
}

/** The settings that are texts; the others are JSON. */
const texts: readonly string[] = [
  "displayName",
  "notes",
  "existingClientId",
  "cloud",
  "expectedTenantId",
] satisfies (keyof ExchangeAppOnlyAuthArgs)[];

function valueOf(config: pulumi.Config, key: string): unknown {
  // The value of a setting that the component does not have may be anything, a secret too.
  if (!argumentKeys[""].some((name) => name === key)) return true;
  const text = config.get(key);
  if (text === undefined || texts.includes(key)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === "" ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0)
  );
}
