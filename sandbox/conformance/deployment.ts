import { ownDescription } from "../../common/marker.ts";
import { parseExport } from "../../stack/exportedState.ts";
import { parseEvent } from "../../stack/event.ts";
import { shortName } from "../../stack/urn.ts";
import { isJsonObject, textOf, type Json, type JsonObject } from "../tenant/json.ts";
import type { StackWorkspace } from "../workspace/workspace.ts";
import { ownNames } from "./ownedKinds.ts";
import { NotPermitted, type CommandAnswer, type Probe } from "./probe.ts";
import { NotPrepared } from "./workplace.ts";

/** A stack with this project's component, in the tenant of a run. */
export interface DeployedStack {
  readonly probe: Probe;
  readonly stack: StackWorkspace;
  /** The numbers of its objects in the ledger. */
  readonly entries: { readonly application: number; readonly principal: number };
}

/** Makes a stack, which `update` deploys. Its objects are in the ledger before they exist. @param name one word */
export async function newStack(
  probe: Probe,
  name: string,
  settings: Readonly<Record<string, string>>,
): Promise<DeployedStack> {
  const { workplace } = probe;
  const { ledger, mark, target } = workplace.options;
  const displayName = `${mark} ${name}`;
  // The description has the stack's name, so that has to be the run's own, too.
  const stackName = `${name}-${mark.slice(ownNames.length)}`;
  const application = ledger.intend(
    "deployedApplication",
    ownDescription("exchange-auth", stackName, "exchange"),
  );
  const principal = ledger.intend("deployedServicePrincipal", displayName);
  const deployed = { probe, stack: await workplace.stack(stackName), entries: { application, principal } };
  await configure(deployed, { displayName, expectedTenantId: target.tenantId, ...settings });
  return deployed;
}

/** Sets arguments of the component, as `pulumi config set --path` does. */
export async function configure(
  { probe, stack }: DeployedStack,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const pairs = Object.entries(settings).flatMap(([path, value]) => ["--plaintext", `${path}=${value}`]);
  const { exitCode } = await probe.workplace.run(stack, "pulumi", ["config", "set-all", "--path", ...pairs]);
  if (exitCode !== 0) throw new NotPrepared("pulumi config", { status: exitCode, body: undefined });
}

/** Runs `pulumi up`, and notes what it has created. @returns the application's object ID @throws NotPermitted, NotPrepared */
export async function update(deployed: DeployedStack, title: string): Promise<string> {
  const { probe, stack, entries } = deployed;
  const exitCode = await engine(deployed, `pulumi up ${title}`, ["up", "--skip-preview"]);
  const { stdout } = await probe.workplace.run(stack, "pulumi", ["stack", "export"]);
  const { resources } = parseExport(JSON.parse(stdout));
  const idOf = (wanted: string): string =>
    textOf(
      (resources.find(({ type, external }) => type === wanted && external !== true)?.outputs["objectId"] ??
        null) as Json,
    );
  const applicationId = idOf("azuread:index/application:Application");
  const principalId = idOf("azuread:index/servicePrincipal:ServicePrincipal");
  const { labels, options } = probe.workplace;
  if (applicationId !== "") options.ledger.made(entries.application, applicationId);
  if (principalId !== "") options.ledger.made(entries.principal, principalId);
  labels.add(applicationId, "deployed.application");
  if (exitCode !== 0) throw new NotPrepared("pulumi up", { status: exitCode, body: undefined });
  return applicationId;
}

/** Runs `pulumi destroy`. */
export async function destroy(deployed: DeployedStack): Promise<void> {
  await engine(deployed, "pulumi destroy", ["destroy", "--skip-preview"]);
}

/** Looks whether Pulumi sees a difference between what it has deployed and the tenant. */
export async function preview({ probe, stack }: DeployedStack): Promise<void> {
  const args = ["preview", "--refresh", "--expect-no-changes", "--non-interactive"];
  await probe.command("pulumi preview --refresh --expect-no-changes", {
    isRepeatable: true,
    send: async () => {
      const { exitCode } = await probe.workplace.run(stack, "pulumi", args);
      return { exitCode, shown: {} };
    },
  });
}

/** Runs a command of exo-auth. @param shown what of its document is compared */
export async function exoAuth(
  { probe, stack }: DeployedStack,
  args: readonly string[],
  shown: (document: JsonObject) => Json,
): Promise<void> {
  const title = `exo-auth ${args.join(" ")}`;
  await probe.command(title, {
    isRepeatable: args[0] !== "rotate",
    send: async () => {
      const { exitCode, stdout } = await probe.workplace.run(stack, "exo-auth", [...args, "--json"]);
      const document = JSON.parse(stdout) as Json;
      return { exitCode, shown: isJsonObject(document) ? shown(document) : null };
    },
  });
}

async function engine(
  { probe, stack }: DeployedStack,
  title: string,
  args: readonly string[],
): Promise<number> {
  return probe.command(title, {
    isRepeatable: false,
    send: async (): Promise<CommandAnswer> => {
      const { exitCode, stdout } = await probe.workplace.run(stack, "pulumi", [
        ...args,
        "--yes",
        "--json",
        "--non-interactive",
      ]);
      if (stdout.includes("Authorization_RequestDenied")) throw new NotPermitted(title);
      return { exitCode, shown: { changes: changesOf(stdout) } };
    },
  });
}

/** What was done to each resource, as `{ "Application.exchange": "create" }`. */
function changesOf(stdout: string): JsonObject {
  const done = stdout
    .split("\n")
    .map(parseEvent)
    .flatMap(({ resOutputsEvent }) => resOutputsEvent?.metadata ?? [])
    .filter(({ op }) => op !== "same");
  return Object.fromEntries(
    done.map(({ op, urn }) => [shortName(urn).replace(/^.*:/, "").replace(" ", "."), op]),
  );
}
