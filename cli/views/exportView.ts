import { basename } from "node:path";
import { styleText } from "node:util";
import type { ExportResult } from "../../operations/export/exportCertificate.ts";
import { clipped } from "../../common/foreignText.ts";
import { shellArgument } from "../../common/shellArgument.ts";
import { bad, good } from "./marks.ts";

/** What a person reads of `export`: the files, and what to do with them. */
export function exportView(result: ExportResult): string {
  const { component, generation, notAfter, publicFiles, secretFiles, exposedFiles } = result;
  const written = [
    ...publicFiles.map((file) => good(file)),
    ...secretFiles.map((file) =>
      exposedFiles.includes(file)
        ? bad(`${file} (secret, but others can read it, because this drive keeps no access rights)`)
        : good(`${file} (secret: readable by you only)`),
    ),
  ];
  const sections =
    secretFiles.length === 0 ? [ownKey(result)] : [windows(result), linux(result), stores(result)];
  return `Certificate ${generation} of ${component}, valid until ${clipped(notAfter, 10)}:

${written.join("\n")}

${sections.join("\n\n")}
`;
}

function ownKey({ thumbprint }: ExportResult): string {
  return `The private key was created elsewhere and is not in the stack. On the host that has it, scripts sign in with the thumbprint ${thumbprint}.`;
}

/** Source: Microsoft's page on certutil. Without `-p` it asks for the password, which other processes would see on a command line. */
function windows(result: ExportResult): string {
  const name = stem(result);
  return `${title("On Windows, as the account that runs the jobs")} (certutil asks for the password, and the key cannot be exported afterward)
  certutil -user -csp "Microsoft Enhanced RSA and AES Cryptographic Provider" -importpfx My .\\${name}.pfx "AT_KEYEXCHANGE,NoExport,NoRoot"
  Remove-Item .\\${name}.pfx, .\\${name}.pfx-password.txt, .\\${name}.pem
  ${result.connectExchangeOnline}`;
}

function linux(result: ExportResult): string {
  const { thumbprint, connectExchangeOnline, securityAndCompliance } = result;
  const name = stem(result);
  const connect = connectExchangeOnline.replace(
    `-CertificateThumbprint ${thumbprint}`,
    `-CertificateFilePath ./${name}.pfx -CertificatePassword $password`,
  );
  const note = securityAndCompliance ? "\n  (Connect-IPPSSession exists on Windows only.)" : "";
  return `${title("On Linux and macOS, in pwsh")}
  $password = ConvertTo-SecureString -AsPlainText -Force -String (Get-Content ./${name}.pfx-password.txt)
  ${connect}${note}`;
}

/** Two secrets each: whoever has only one of them has nothing. None of them is ever on a command line. */
function stores(result: ExportResult): string {
  const { component } = result;
  const file = stem(result);
  const name = component.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
  // A name in Key Vault has letters, digits and hyphens.
  const secret = component.replaceAll(/[^A-Za-z0-9]+/g, "-");
  const argument = /^\w[\w.-]*$/.test(component) ? component : shellArgument(component, "NAME");
  const pipe = (format: string): string => `exo-auth export --component ${argument} --stdout ${format}`;
  return `${title("GitHub Actions")}, as two secrets
  ${pipe("pfx")} | gh secret set ${name}_PFX
  ${pipe("pfx-password")} | gh secret set ${name}_PFX_PASSWORD

${title("Azure Pipelines")}, as two secret variables of a variable group
  AZURE_DEVOPS_EXT_PIPELINE_VAR_${name}_PFX="$(${pipe("pfx")})" az pipelines variable-group variable create --group-id ID --name ${name}_PFX --secret true
  AZURE_DEVOPS_EXT_PIPELINE_VAR_${name}_PFX_PASSWORD="$(${pipe("pfx-password")})" az pipelines variable-group variable create --group-id ID --name ${name}_PFX_PASSWORD --secret true

${title("Key Vault")}, as two secrets
  az keyvault secret set --vault-name VAULT --name ${secret}-pfx --file ${file}.pfx --encoding base64 --output none
  az keyvault secret set --vault-name VAULT --name ${secret}-pfx-password --file ${file}.pfx-password.txt --output none`;
}

/** What the names of the files begin with. */
function stem({ publicFiles: [certificate = ""] }: ExportResult): string {
  return basename(certificate, ".cer");
}

function title(text: string): string {
  return styleText("bold", text, { validateStream: false });
}
