import { usageFailure } from "../../common/failure.ts";
import { isGuid } from "../../common/guid.ts";
import type { AdoptResult } from "../../operations/adoption/adopt.ts";
import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { oneComponent } from "../options.ts";

/** `exo-auth adopt`. */
export const adoptCommand = defineCommand({
  name: "adopt",
  summary: "let Pulumi manage an existing application, with its certificates",
  description:
    "Reads an application that somebody created by hand or with another tool. It first says what an update would remove from it, how the component declares it, and what stays undeclared.\n\nWith --yes, the command writes the stack's settings, and then imports the application, its service principal, consents, roles, certificates and federated credentials. It changes nothing in the tenant. If it was interrupted, run it again to continue. The next `pulumi up` updates the application.\n\nThe command also declares role groups and roles of Exchange itself, if the identity can read them. `exo-auth grant` then takes them over as they are.\n\nIf an update would remove something, the command needs --existing: the stack then manages the certificates, consents and roles, and never changes the application itself. You can also remove what the list names, and run the command again.\n\nIf your own program declares the component, run the command with --code, add what it prints to the program, and run it with --yes.",
  options: {
    "app-id": {
      type: "string",
      value: "ID",
      description: "the application's client ID. Required, unless a Terraform state has only one",
    },
    "terraform-state": {
      type: "string",
      value: "FILE",
      description:
        "a Terraform state, as `terraform state pull` prints it: list what to remove from it after the import",
    },
    "import-file": {
      type: "string",
      value: "FILE",
      description: "also write the file that `pulumi import --file` reads",
    },
    existing: {
      type: "boolean",
      description: "leave the application and its service principal alone (`existingClientId`)",
    },
    component: oneComponent,
    code: { type: "boolean", description: "print the component in TypeScript, and do nothing else" },
    yes: {
      type: "boolean",
      short: "y",
      description: "write the settings and import. Without it, the command only shows what it would do",
    },
  },
  examples: [
    {
      command: "exo-auth adopt --app-id 38b9c836-f663-4536-8d13-7772dbb35f2b",
      meaning: "show what an update would remove, and what would be imported",
    },
    {
      command: "exo-auth adopt --app-id 38b9c836-f663-4536-8d13-7772dbb35f2b --existing --yes",
      meaning: "adopt certificates, consents and roles, and leave the application alone",
    },
    {
      command: "terraform state pull > state.json && exo-auth adopt --terraform-state state.json",
      meaning: "show the same for the application of a Terraform state",
    },
  ],
  permissions: [
    "the permissions of the deploying identity, see docs/deployer.md. If something of the application cannot be read, the command ends with exit code 3",
    "the stack's state and its secrets, because Pulumi plans the update and imports",
    "to read the role groups and roles of Exchange: what `exo-auth discover` needs for these. Without it, the output says that they were not read, and the settings say of them only what an earlier run wrote",
    "with --yes, the right to write the stack's settings file",
  ],
  exitCodes: [ExitCode.Authentication, ExitCode.ExpectationFailed],
  async run(values, context) {
    const adoption = await import("../../operations/adoption/adopt.ts");
    const { adoptionSettings, ownDescriptions } =
      await import("../../operations/adoption/adoptionSettings.ts");
    const terraform = await import("../../operations/adoption/terraformState.ts");
    const { adoptView } = await import("../views/adoptView.ts");
    const { deployingIdentity } = await import("../../operations/preflight/deployingIdentity.ts");
    const { openTenant } = await import("../../operations/tenant/openTenant.ts");
    const { exportState } = await import("../../stack/exportedState.ts");
    const { importInto, writeImportFile } = await import("../../stack/importFile.ts");
    const { plannedResources, previewUpdate } = await import("../../stack/plan.ts");
    const { writeSettingsFile } = await import("../../stack/settingsFile.ts");
    const { withSettingsText } = await import("../../stack/otherSettings.ts");
    const stateFile = values["terraform-state"];
    const managed = stateFile === undefined ? undefined : await terraform.readTerraformState(stateFile);
    const appId =
      values["app-id"] === undefined && managed !== undefined
        ? terraform.onlyApplication(managed)
        : clientIdOf(values["app-id"]);
    const pulumi = { stack: values.stack, cwd: values.cwd, ...context };
    const tenant = await openTenant(await deployingIdentity(pulumi), context);
    const { resources: known } = await exportState(pulumi);
    adoption.requireUnadopted(appId, known);
    context.progress("Reading the application …");
    const isExisting = values.existing === true;
    const read = await adoption.readAdoption({
      ...tenant,
      appId,
      isExisting,
      signal: context.signal,
      own: await ownDescriptions(pulumi),
      now: new Date(),
    });
    const { found, declaration, notRead, unread } = read;
    if (values.code) {
      const { programCode } = await import("../../operations/adoption/programCode.ts");
      const code = programCode(values.component ?? "exchange", declaration.settings);
      return { exitCode: ExitCode.Ok, document: { code }, text: code, piped: code };
    }
    const settings = await adoptionSettings(declaration.settings, unread, pulumi);
    const isRefused = declaration.losses.length > 0;
    const isApplied = values.yes === true && !isRefused;
    if (isApplied && settings !== undefined) await writeSettingsFile(settings.file, settings.text);
    context.progress("Asking Pulumi for the plan …");
    const planned =
      settings === undefined || isApplied
        ? await plannedResources(pulumi)
        : await withSettingsText(settings.text, pulumi, plannedResources);
    const { imports, file } = await adoption.adoptionImports(tenant.graph, read, {
      known,
      planned,
      component: values.component,
    });
    if (values["import-file"] !== undefined) await writeImportFile(values["import-file"], file);
    if (isApplied && imports.length > 0) {
      context.progress("Importing …");
      await importInto(file, pulumi);
    }
    const update = isApplied ? adoption.nextUpdate(await previewUpdate(pulumi)) : undefined;
    const result: AdoptResult = {
      appId,
      displayName: found.application?.displayName ?? found.servicePrincipal.displayName,
      adopted: isApplied,
      ...(settings !== undefined && { settingsFile: settings.file.path }),
      ...declaration,
      imports: imports.map(({ urn, id, title }) => ({ urn, id, title })),
      importFile: file,
      notRead,
      ...(managed !== undefined && { terraform: terraform.terraformTwins(managed, imports) }),
      ...(update !== undefined && { update }),
    };
    const isWrong = isRefused || (update?.removesOrReplaces.length ?? 0) > 0;
    return outcomeOf(isWrong ? ExitCode.ExpectationFailed : ExitCode.Ok, result, adoptView);
  },
});

/** @throws Failure */
function clientIdOf(given: string | undefined): string {
  if (given !== undefined && isGuid(given)) return given.toLowerCase();
  throw usageFailure(
    `--app-id must be a GUID, got ${given === undefined ? "nothing" : `"${given}"`}. \`exo-auth discover\` lists the applications.`,
  );
}
