import path from "node:path";
import { Failure, usageFailure } from "../../common/failure.ts";
import { isGuid } from "../../common/guid.ts";
import { readTextFile } from "../../common/textFile.ts";
import { askAuthority } from "../../graph/authority.ts";
import { cloudOfEnvironment, resolveEndpoints } from "../../graph/endpoints.ts";
import { Cloud } from "../../microsoft/clouds.ts";
import { findProject, type ProjectFile } from "../../stack/projectFile.ts";
import { type PulumiOptions, runPulumi } from "../../stack/pulumiCli.ts";
import { readSettingsFile, writeSettingsFile } from "../../stack/settingsFile.ts";
import {
  absentSettings,
  differentSettings,
  type SettingsValues,
  withSettings,
} from "../../stack/settingsValues.ts";
import { stackNames } from "../../stack/stackNames.ts";
import { type ListedTenant, parseTenantList } from "./tenantList.ts";

/** What `fleet add` is asked to do. */
export interface FleetAddOptions extends Omit<PulumiOptions, "stack"> {
  /** The list of tenants. */
  readonly file: string;
  /** What encrypts the secrets of a new stack, as `pulumi stack init` takes it. @default Pulumi's own */
  readonly secretsProvider?: string | undefined;
  /** Whether to create and write. */
  readonly applies: boolean;
  /** Told before each stack that changes. */
  readonly progress: (text: string) => void;
}

/** What a list comes to. */
export interface FleetAddResult {
  /** Whether stacks were created and settings written. */
  readonly added: boolean;
  /** Every stack of the list, in its order. */
  readonly stacks: readonly PlannedStack[];
  /** Stacks of the project that the list does not have. */
  readonly notListed: readonly string[];
}

/** What a stack of the list lacks. */
export interface PlannedStack {
  readonly stack: string;
  readonly tenantId: string;
  /** Whether the stack has to be created. */
  readonly isNew: boolean;
  readonly settingsFile: string;
  /** Keys of the settings that are added. */
  readonly adds: readonly string[];
  /** Keys of the settings that have another value than the list says. They stay. */
  readonly differs: readonly string[];
}

/**
 * Gives each tenant of a list a stack with its settings. What is there stays: it adds what is missing, and says what
 * differs. Run again after a failure, it goes on.
 *
 * @throws Failure with everything that is wrong with the list, or where Pulumi or Entra cannot be asked
 */
export async function fleetAdd(options: FleetAddOptions): Promise<FleetAddResult> {
  const { file, applies, cwd = process.cwd(), progress } = options;
  const pulumi = { cwd, env: options.env, signal: options.signal };
  const tenants = parseTenantList(file, await readTextFile(path.resolve(cwd, file)));
  const project = await findProject(path.resolve(cwd));
  if (!project.declares("expectedTenantId", project.name)) {
    throw usageFailure(
      "The project's Pulumi.yaml does not declare the setting `expectedTenantId`, so its program does not read the settings of the component. Run this in a project whose program reads them, as that of the exchange-auth repository does.",
    );
  }
  const ids = await tenantIds(tenants, options);
  const existing = await stackNames(pulumi);
  const wanted = tenants.map((tenant, index): Wanted => {
    const tenantId = ids[index] ?? "";
    return { stack: tenant.stack, tenantId, values: settingsFor(tenant, tenantId, project) };
  });
  const stacks = await Promise.all(wanted.map(async (one) => planned(one, existing, project)));
  const notListed = existing.filter((name) => !wanted.some(({ stack }) => stack === name)).toSorted();
  if (!applies) return { added: false, stacks, notListed };
  for (const [index, plan] of stacks.entries()) {
    options.signal.throwIfAborted();
    if (!plan.isNew && plan.adds.length === 0) continue;
    progress(`${index + 1} of ${stacks.length}: ${plan.stack}`);
    // oxlint-disable-next-line no-await-in-loop -- Pulumi changes one stack after the other
    await apply(plan, wanted[index]?.values ?? {}, options);
  }
  return { added: true, stacks, notListed };
}

/** What the list says of a stack. */
interface Wanted {
  readonly stack: string;
  readonly tenantId: string;
  readonly values: SettingsValues;
}

function settingsFor(
  { roles, identities }: ListedTenant,
  tenantId: string,
  { name }: ProjectFile,
): SettingsValues {
  const pipeline = Object.entries(identities).map(([role, id]) => [`pipeline:${role}`, id]);
  return {
    [`${name}:expectedTenantId`]: tenantId,
    ...(roles.length > 0 && { [`${name}:roles`]: roles }),
    ...Object.fromEntries(pipeline),
  };
}

async function planned(
  { stack, tenantId, values }: Wanted,
  existing: readonly string[],
  project: ProjectFile,
): Promise<PlannedStack> {
  const settingsFile = project.settingsOf(stack);
  const { text } = await readSettingsFile(settingsFile);
  return {
    stack,
    tenantId,
    isNew: !existing.includes(stack),
    settingsFile,
    adds: absentSettings(text, values),
    differs: differentSettings(text, values),
  };
}

async function apply(
  { stack, isNew, settingsFile, adds }: PlannedStack,
  values: SettingsValues,
  { cwd, env, signal, secretsProvider }: FleetAddOptions,
): Promise<void> {
  if (isNew) {
    const provider = secretsProvider === undefined ? [] : ["--secrets-provider", secretsProvider];
    // It can write its part of the settings file, so that is read after it.
    await runPulumi(["stack", "init", stack, "--no-select", ...provider], { cwd, env, signal });
  }
  const file = await readSettingsFile(settingsFile);
  const added = Object.fromEntries(Object.entries(values).filter(([key]) => adds.includes(key)));
  if (adds.length > 0) await writeSettingsFile(file, withSettings(file.text, added));
}

/** The IDs of the tenants, in their order; Entra says to anyone whose a domain is. @throws Failure with every unknown domain */
async function tenantIds(
  tenants: readonly ListedTenant[],
  { env, signal }: FleetAddOptions,
): Promise<readonly string[]> {
  const known = new Map(tenants.filter(({ tenant }) => isGuid(tenant)).map(({ tenant }) => [tenant, tenant]));
  const domains = [...new Set(tenants.map(({ tenant }) => tenant))].filter((tenant) => !known.has(tenant));
  const unknown: string[] = [];
  if (domains.length > 0) {
    const endpoints = await resolveEndpoints(
      cloudOfEnvironment(env.ARM_ENVIRONMENT ?? "") ?? Cloud.Global,
      env,
    );
    for (const domain of domains) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as nobody waits long for it
      const { tenantId } = await askAuthority(endpoints, domain, signal);
      if (tenantId === undefined) unknown.push(domain);
      else known.set(domain, tenantId);
    }
  }
  if (unknown.length > 0) {
    throw new Failure(
      "EXO_AUTH_FILE",
      `Entra knows no tenant with ${unknown.map((domain) => `"${domain}"`).join(", ")}. Correct the domains, or give the tenants' IDs. Nothing was changed.`,
      { reason: "configuration" },
    );
  }
  return tenants.map(({ tenant }) => known.get(tenant) ?? "");
}
