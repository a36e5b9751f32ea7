import { usageFailure } from "../../common/failure.ts";
import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { component, opensState } from "../options.ts";

/** `exo-auth export`. */
export const exportCommand = defineCommand({
  name: "export",
  summary: "write the certificate to files for hosts and pipelines",
  description:
    "Writes the current certificate of a component to a folder, as `.cer`, `.pfx` and `.pem`, with the password of the PFX. Only you can read the secret files. If the drive cannot protect them, the command warns you. It also prints the commands that import the files on Windows, use them on Linux, and put them into GitHub Actions, Azure Pipelines or Key Vault.\n\nWith `--stdout`, it prints one of these forms for a pipe instead.",
  options: {
    component: {
      ...component,
      description: "the ExchangeAppOnlyAuth, if the stack has several",
    },
    out: {
      type: "string",
      value: "DIR",
      default: ".",
      description: "the folder. Default: the current folder",
    },
    force: { type: "boolean", description: "replace existing files, and print a secret on a terminal" },
    stdout: {
      type: "string",
      value: "FORM",
      description: "print one of these instead: `certificate`, `pem`, `pfx` (as Base64), `pfx-password`",
    },
  },
  examples: [
    { command: "exo-auth export --out certificates", meaning: "write files for a host" },
    {
      command: "exo-auth export --stdout pfx | gh secret set EXCHANGE_PFX",
      meaning: "put it into a pipeline's secrets, without a file, a command line or a log",
    },
  ],
  permissions: [opensState],
  exitCodes: [],
  async run(values, context) {
    if (values.stdout !== undefined && (values.json || values.output !== undefined)) {
      throw usageFailure("--stdout prints the certificate alone. Leave out --json and --output.");
    }
    const { readStack } = await import("../../stack/components.ts");
    const { selectComponent } = await import("../../stack/selectComponents.ts");
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
