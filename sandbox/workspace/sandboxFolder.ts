import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const repository = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The folder of the sandbox that `npm start` and `npm run sandbox` share: the environment's SANDBOX_FOLDER, else
 * `.sandbox` in the repository, which git ignores.
 */
export function commandsFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env["SANDBOX_FOLDER"] || join(repository, ".sandbox"));
}

/** What lies where in a sandbox's folder. */
export interface SandboxFolder {
  readonly path: string;
  /** Pulumi's file backend: the states of all stacks. */
  readonly state: string;
  /** First on PATH: node, pulumi. */
  readonly bin: string;
  /** One folder a Pulumi project, with the settings of its stacks. */
  readonly stacks: string;
  /** A copy of the file of tenants that a command was given, for those after it. */
  readonly seeds: string;
  /** The tenant's data. */
  readonly tenantData: string;
  /** The tenant's certificate authority, in PEM. */
  readonly certificateAuthority: string;
  /** The authorities that this machine trusts and the tenant's, in PEM. */
  readonly trustedAuthorities: string;
  /** How other commands reach the tenant while one runs it. */
  readonly running: string;
}

/** Names the parts of a sandbox's folder; creates nothing. */
export function sandboxFolder(path: string): SandboxFolder {
  return {
    path,
    state: join(path, "state"),
    bin: join(path, "bin"),
    stacks: join(path, "stacks"),
    seeds: join(path, "seeds.json"),
    tenantData: join(path, "tenant.json"),
    certificateAuthority: join(path, "certificateAuthority.pem"),
    trustedAuthorities: join(path, "trustedAuthorities.pem"),
    running: join(path, "running.json"),
  };
}
