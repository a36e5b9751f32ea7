import type { StackComponent } from "../../stack/components.ts";
import { notationOf } from "./generationsInProgram.ts";
import type { RotationSubject } from "./subject.ts";

/** A component, and where its generations are listed. */
interface Listed extends Pick<RotationSubject, "language"> {
  readonly component: StackComponent;
}

/** The change that people make where the generations cannot be edited in the stack's own settings file. */
export function changeByHand({ component, language }: Listed, target: readonly string[]): string {
  const { argument, list } = notationOf(language);
  return `The command cannot edit the generations: the stack's own settings do not list them, or \`Pulumi.yaml\` does not declare \`certificate\` under \`config\`. In the place that lists them for component "${component.name}", set ${argument} to ${list(target)}, each with everything that it has now, and run \`pulumi up\`.`;
}

/** What people do where the next certificate has to come from where the last one was made. */
export function suppliedByHand(
  { component, configuration, language }: RotationSubject,
  target: readonly string[],
): string {
  const name = target.at(-1) ?? "";
  const { argument, supplied } = notationOf(language);
  const where = configuration
    ? `"${configuration.file.path}"`
    : `the program that declares "${component.name}"`;
  const place =
    target.length === 1 ? "in place of the expired one, in one update" : `at the end of ${argument}`;
  return `The certificate was created elsewhere, so create its successor there, too. Add it in ${where}, ${place}: ${supplied(name)}. Run \`pulumi up\`, and then this again.`;
}

/** What people do where only another machine can sign in with a generation. */
export function verifiedByHand(
  { component: { appId, tenantDomain }, language }: Listed,
  name: string,
  target: readonly string[],
): string {
  const { argument, list } = notationOf(language);
  return `The private key of generation "${name}" is elsewhere. Sign in with it there, with \`exo-auth verify --certificate-file FILE --app-id ${appId} --organization ${tenantDomain}\`. If that works, set ${argument} to ${list(target)}, each with everything that it has now, and run \`pulumi up\`.`;
}
