import packageJson from "../../package.json" with { type: "json" };
import { programsByLanguage } from "./programs.ts";

/** Where a release will lie. The tag of a release has its own place instead. */
const repository = "github.com/OWNER/REPOSITORY";

/** What the registry calls a language of a fence. */
const choices: Readonly<Record<string, string>> = { ts: "typescript" };

/**
 * The two pages that Pulumi's registry shows of a package, by path below the repository. It renders them with Hugo, on a
 * site of its own, so every link is whole. The release's tag has them in `docs`, where the registry looks.
 */
export function registryPages(): ReadonlyMap<string, string> {
  return new Map([
    ["plugin/docs/_index.md", overview()],
    ["plugin/docs/installation-configuration.md", installation()],
  ]);
}

function overview(): string {
  const programs = programsByLanguage().map(({ language, text }) => ({
    choice: choices[language] ?? language,
    fence: `\`\`\`${language}\n${text.replace("../../plugin/dist", `${repository}@${packageJson.version}`)}\n\`\`\``,
  }));
  const chooser = programs.map(
    ({ choice, fence }) => `{{% choosable language ${choice} %}}\n\n${fence}\n\n{{% /choosable %}}`,
  );
  return `${frontMatter("Exchange app-only authentication", "Certificate-based sign-in to Exchange Online for jobs that run without a person, as one Pulumi component.")}
Jobs that run PowerShell against Exchange Online need an application in Entra with the permission Exchange.ManageAsApp, an Entra role, and a certificate. The component \`ExchangeAppOnlyAuth\` creates them in one tenant, and renews the certificate without an outage.

## Example

{{< chooser language "${programs.map(({ choice }) => choice).join(",")}" >}}

${chooser.join("\n\n")}

{{< /chooser >}}

The output \`connectExchangeOnline\` is the command with which the job signs in. Your private key and the password of the PFX are secret outputs.

## More

- [The first steps, without a tenant](https://${repository}#readme)
- [Installation and configuration](https://www.pulumi.com/registry/packages/${packageJson.name}/installation-configuration/)
`;
}

function installation(): string {
  return `${frontMatter("Exchange app-only authentication: installation and configuration", "How to add the component to a program, and how it signs in to a tenant.")}
## Installation

Programs in TypeScript use the npm package [\`${packageJson.name}\`](https://www.npmjs.com/package/${packageJson.name}).

For a program in another language, \`pulumi package add\` writes an SDK into the project:

\`\`\`sh
pulumi package add ${repository}@${packageJson.version}
\`\`\`

The plugin needs Node 22.12 or newer with npm.

## Configuration

The component has no settings of its own. It uses the provider [\`azuread\`](https://www.pulumi.com/registry/packages/azuread/installation-configuration/), which signs in to your tenant, for example with the Azure CLI:

\`\`\`sh
az login --tenant TENANT --allow-no-subscriptions
\`\`\`

Set the argument \`expectedTenantId\`, so that a sign-in to another tenant creates nothing.

The person or pipeline that deploys needs the Entra roles Application Administrator and Privileged Role Administrator.
`;
}

function frontMatter(title: string, description: string): string {
  return `---\ntitle: "${title}"\nmeta_desc: "${description}"\nlayout: package\n---\n`;
}
