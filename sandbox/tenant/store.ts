import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { seedTenant } from "./seed.ts";
import type { TenantSeed } from "./tenantSeed.ts";
import {
  applicationByAppId,
  type Application,
  type FederatedIdentityCredential,
  type TenantState,
} from "./state.ts";

/** The version of the data file's form. */
const fileVersion = 8;

/** Every tenant of one server, in memory, and in a data file where one is given. */
export class TenantStore {
  readonly tenants = new Map<string, TenantState>();
  readonly #seeds: readonly TenantSeed[];
  readonly #now: () => Date;
  readonly #dataFile: string | undefined;
  #writing: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;

  /** Reads the data file where there is one; seeds what it lacks. */
  constructor(seeds: readonly TenantSeed[], now: () => Date, dataFile: string | undefined) {
    this.#seeds = seeds;
    this.#now = now;
    this.#dataFile = dataFile;
    for (const tenant of readDataFile(dataFile)) this.tenants.set(tenant.id, tenant);
    for (const seed of seeds) {
      if (!this.tenants.has(seed.tenantId.toLowerCase())) this.#seed(seed);
    }
    if (dataFile !== undefined) writeDataFile(dataFile, serialize(this.tenants.values()));
  }

  /** Back to the seeds: whatever was written since is gone, from the data file too. */
  reset(): void {
    this.tenants.clear();
    for (const seed of this.#seeds) this.#seed(seed);
    if (this.#dataFile !== undefined) writeDataFile(this.#dataFile, serialize(this.tenants.values()));
    // A write that is under way would bring back what it began with.
    if (this.#writing !== undefined) this.save().catch(() => undefined);
  }

  /** An application by its application id, in the tenant that it is registered in. */
  applicationByAppId(tenantId: string, appId: string): Application | undefined {
    const tenant = this.tenants.get(tenantId);
    return tenant === undefined ? undefined : applicationByAppId(tenant, appId);
  }

  /** The federated identity credentials of applications and service principals, in whichever tenant they are. */
  federatedIdentityCredentialsOf(...holderIds: readonly string[]): readonly FederatedIdentityCredential[] {
    return [...this.tenants.values()].flatMap((tenant) =>
      [...tenant.federatedIdentityCredentials.values()].filter((credential) =>
        holderIds.includes(credential.holderId),
      ),
    );
  }

  /**
   * Resolves once everything that has been written up to now is in the data file.
   *
   * Whoever comes while the file is being written waits for one further write, which they share.
   */
  save(): Promise<void> {
    if (this.#dataFile === undefined) return Promise.resolve();
    if (this.#writing === undefined) {
      this.#writing = this.#write(this.#dataFile).finally(() => {
        this.#writing = undefined;
      });
      return this.#writing;
    }
    this.#waiting ??= this.#writing
      .catch(() => undefined)
      .then(() => {
        this.#waiting = undefined;
        return this.save();
      });
    return this.#waiting;
  }

  #seed(seed: TenantSeed): void {
    const tenant = seedTenant(seed, this.#now());
    this.tenants.set(tenant.id, tenant);
  }

  async #write(dataFile: string): Promise<void> {
    const partial = `${dataFile}.partial`;
    await writeFile(partial, serialize(this.tenants.values()), { mode: 0o600 });
    await rename(partial, dataFile);
  }
}

function writeDataFile(dataFile: string, content: string): void {
  const partial = `${dataFile}.new`;
  writeFileSync(partial, content, { mode: 0o600 });
  renameSync(partial, dataFile);
}

function readDataFile(dataFile: string | undefined): readonly TenantState[] {
  if (dataFile === undefined) return [];
  let content: string;
  try {
    content = readFileSync(dataFile, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
  const data = parseDataFile(dataFile, content);
  if (data.version !== fileVersion) {
    throw new Error(
      `The sandbox's data file "${dataFile}" has the form of another version, got ${data.version}. Delete it to begin again.`,
    );
  }
  return data.tenants;
}

function parseDataFile(dataFile: string, content: string): { version: number; tenants: TenantState[] } {
  try {
    return JSON.parse(content, (_name, value) =>
      value !== null && typeof value === "object" && Array.isArray(value["@map"])
        ? new Map(value["@map"])
        : value,
    );
  } catch (cause) {
    throw new Error(`The sandbox's data file "${dataFile}" is damaged. Delete it to begin again.`, { cause });
  }
}

function serialize(tenants: Iterable<TenantState>): string {
  return JSON.stringify({ version: fileVersion, tenants: [...tenants] }, (_name, value) =>
    value instanceof Map ? { "@map": [...value] } : value,
  );
}
