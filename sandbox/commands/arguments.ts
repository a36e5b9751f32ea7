import { SandboxError } from "../sandboxError.ts";

/** Which resource plugins the engine runs: our stand-ins, or those that Pulumi publishes. */
export type PluginSource = "stand-in" | "official";

/** A command line of the sandbox, understood. */
export interface SandboxArguments {
  readonly plugins: PluginSource;
  /** Whether to begin anew. */
  readonly reset: boolean;
  /** The command to run in the sandbox; empty where none is given. */
  readonly command: readonly string[];
}

/**
 * Reads options up to the first word that is none: from there on all belongs to the command, as for `sudo` or `env`.
 *
 * @throws an error that names what is wrong with an option
 */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv): SandboxArguments {
  let plugins = pluginSource("SANDBOX_PLUGINS", env["SANDBOX_PLUGINS"] || "stand-in");
  let reset = false;
  for (let index = 0; index < args.length; index += 1) {
    const [option, ...value] = (args[index] ?? "").split("=");
    if (option === "--reset") reset = true;
    else if (option === "--plugins") plugins = pluginSource(option, value[0] ?? args[(index += 1)] ?? "");
    else if (option?.startsWith("-")) {
      throw new SandboxError(`"${option}" is no option of the sandbox. Use --plugins official or --reset.`);
    } else return { plugins, reset, command: args.slice(index) };
  }
  return { plugins, reset, command: [] };
}

function pluginSource(name: string, value: string): PluginSource {
  if (value === "stand-in" || value === "official") return value;
  throw new SandboxError(
    `${name} is neither "stand-in" nor "official", got "${value}". Leave it out for the stand-ins.`,
  );
}
