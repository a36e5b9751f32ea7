import { usageFailure } from "../../common/failure.ts";
import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { component, opensState } from "../options.ts";

/** `exo-auth export`. */
export const exportCommand = defineCommand({
  name: "export",
  summary: "write the certificate into files that hosts and pipelines can use",
  description:
    "Writes the current certificate of a component as .cer, .pfx and .pem, and the password of the PFX, into a folder; secret files are readable by you only, or it says that the drive cannot do that. Prints how to import them on Windows, use them on Linux, and put them into GitHub Actions, Azure Pipelines or Key Vault. With --stdout prints one of them for a pipe instead.",
  options: {
    component: {
      ...component,
      description: "which ExchangeAppOnlyAuth; needed where the stack has several",
    },
    out: { type: "string", value: "DIR", default: ".", description: "the folder; default: this one" },
    force: { type: "boolean", description: "replace files that are there; show a secret on a terminal" },
    stdout: {
      type: "string",
      value: "FORM",
      description: "print certificate, pem, pfx (as Base64) or pfx-password instead",
    },
  },
  examples: [
    { command: "exo-auth export --out certificates", meaning: "files for a host" },
    {
      command: "exo-auth export --stdout pfx | gh secret set EXCHANGE_PFX",
      meaning: "into a pipeline's secrets, past files, command lines and logs",
    },
  ],
  permissions: [opensState],
  exitCodes: [],
  async run(values, context) {
    if (values.stdout !== undefined && (values.json || values.output !== undefined)) {
      throw usageFailure("--stdout prints the certificate alone. Leave out --json and --output.");
    }
    const { readStack, selectComponent } = await import("../../stack/components.ts");
    const state = await readStack({ stack: values.stack, cwd: values.cwd, ...context });
    const chosen = selectComponent(state, values.component);
    if (values.stdout !== undefined) {
      const { pipeCertificate } = await import("../../operations/export/certificateFiles.ts");
      const piped = pipeCertificate(chosen, values.stdout, context.isTerminal, values.force === true);
      return { exitCode: ExitCode.Ok, document: {}, text: "", piped };
    }
    const { exportCertificate } = await import("../../operations/export/exportCertificate.ts");
    const { exportView } = await import("../views/exportView.ts");
    const result = await exportCertificate(chosen, values.out, values.force === true);
    return outcomeOf(ExitCode.Ok, result, exportView);
  },
});
