import type { StackComponent } from "../../stack/components.ts";
import type { RotationSubject } from "./subject.ts";

/** The change that people make where the generations cannot be edited in the stack's own settings file. */
export function changeByHand(component: string, target: readonly string[]): string {
  return `The command cannot edit the generations: the stack's own settings do not list them, or \`Pulumi.yaml\` does not declare \`certificate\` under \`config\`. In the place that lists them for component "${component}", set \`certificate.generations\` to ${listText(target)}, each with everything that it has now, and run \`pulumi up\`.`;
}

/** What people do where the next certificate has to come from where the last one was made. */
export function suppliedByHand(
  { component, configuration }: RotationSubject,
  target: readonly string[],
): string {
  const name = target.at(-1) ?? "";
  const where = configuration
    ? `"${configuration.file.path}"`
    : `the program that declares "${component.name}"`;
  const place =
    target.length === 1
      ? "in place of the expired one, in one update"
      : "at the end of `certificate.generations`";
  return `The certificate was created elsewhere, so create its successor there, too. Add it in ${where}, ${place}: { name: "${name}", publicCertificate: "…" }. Run \`pulumi up\`, and then this again.`;
}

/** What people do where only another machine can sign in with a generation. */
export function verifiedByHand(
  { appId, tenantDomain }: StackComponent,
  name: string,
  target: readonly string[],
): string {
  return `The private key of generation "${name}" is elsewhere. Sign in with it there, with \`exo-auth verify --certificate-file FILE --app-id ${appId} --organization ${tenantDomain}\`. If that works, set \`certificate.generations\` to ${listText(target)}, each with everything that it has now, and run \`pulumi up\`.`;
}

function listText(names: readonly string[]): string {
  return `[${names.map((name) => `{ name: "${name}" }`).join(", ")}]`;
}
