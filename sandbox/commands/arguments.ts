import type { Unkindness } from "../tenant/index.ts";
import { SandboxError } from "../sandboxError.ts";

/** Which resource plugins the engine runs: our stand-ins, or those that Pulumi publishes. */
export type PluginSource = "stand-in" | "official";

/** A command line of the sandbox, understood. */
export interface SandboxArguments {
  readonly plugins: PluginSource;
  /** Whether to begin with an empty tenant. */
  readonly reset: boolean;
  /** The name of the identity that the command signs in as. @default the first that may do everything */
  readonly identity?: string;
  /**
   * A file of tenants to work on from now on, the first of which commands mean.
   *
   * @default the one that an earlier command was given, else the built-in tenant
   */
  readonly seedFile?: string;
  /** Faults at random, the same for the same number. @default none */
  readonly unkindness?: Unkindness;
  /** The command to run in the sandbox; empty where none is given. */
  readonly command: readonly string[];
}

/**
 * Reads options up to the first word that is none: from there on all belongs to the command, as for `sudo` or `env`.
 *
 * @throws an error that names what is wrong with an option
 */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv): SandboxArguments {
  let options: Omit<SandboxArguments, "command"> = {
    plugins: pluginSource("SANDBOX_PLUGINS", env["SANDBOX_PLUGINS"] || "stand-in"),
    reset: false,
  };
  for (let index = 0; index < args.length; index += 1) {
    const [option = "", ...value] = (args[index] ?? "").split("=");
    if (!option.startsWith("-")) return { ...options, command: args.slice(index) };
    if (option === "--reset") options = { ...options, reset: true };
    else {
      const read = Object.hasOwn(withValue, option) ? withValue[option] : undefined;
      if (read === undefined) throw unknownOption(option);
      const given = value.length > 0 ? value.join("=") : (args[(index += 1)] ?? "");
      options = { ...options, ...read(given) };
    }
  }
  return { ...options, command: [] };
}

/** The options that take a value. */
const withValue: Readonly<Record<string, (value: string) => Partial<SandboxArguments>>> = {
  "--plugins": (value) => ({ plugins: pluginSource("--plugins", value) }),
  "--as": (value) => ({ identity: textOf("--as", "the name of an identity", value) }),
  "--seed": (value) => ({ seedFile: textOf("--seed", "a file of tenants", value) }),
  "--unkind": (value) => ({ unkindness: unkindnessOf(value) }),
};

function textOf(option: string, what: string, value: string): string {
  if (value === "" || value.startsWith("-"))
    throw new SandboxError(`${option} must be ${what}, got "${value}".`);
  return value;
}

/** `NUMBER`, or `NUMBER:PERCENT`. */
function unkindnessOf(value: string): Unkindness {
  const [, seed, percent] = /^(\d{1,9})(?::(\d{1,2}|100))?$/.exec(value) ?? [];
  if (seed === undefined) {
    throw new SandboxError(
      `--unkind must be a number, optionally with the percentage of requests that get a fault, such as 7:25, got "${value}".`,
    );
  }
  return { seed: Number(seed), ...(percent === undefined ? {} : { percent: Number(percent) }) };
}

function unknownOption(option: string): SandboxError {
  return new SandboxError(
    `"${option}" is not an option of the sandbox. Use --as, --plugins, --reset, --seed or --unkind.`,
  );
}

function pluginSource(name: string, value: string): PluginSource {
  if (value === "stand-in" || value === "official") return value;
  throw new SandboxError(
    `${name} must be "stand-in" or "official", got "${value}". Leave it out to use the stand-ins.`,
  );
}
