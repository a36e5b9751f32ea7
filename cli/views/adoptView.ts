import { styleText } from "node:util";
import { shellArgument } from "../../common/shellArgument.ts";
import type { AdoptedFederatedCredential } from "../../operations/adoption/adoptedFederatedCredentials.ts";
import type { AdoptResult } from "../../operations/adoption/adopt.ts";
import { declarationLines, exchangeRightTexts, notReadLines } from "../discovery/words.ts";
import { bad, good, skipped } from "./marks.ts";

/** What a person reads of `adopt`. */
export function adoptView(result: AdoptResult): string {
  const {
    displayName,
    appId,
    adopted,
    imports,
    losses,
    settingsFile,
    settings,
    terraform = [],
    notRead,
    update,
  } = result;
  const lines = [
    styleText("bold", `${displayName}, application ID ${appId}`, { validateStream: false }),
    ...declarationLines(result).map(losses.length > 0 ? bad : skipped),
    ...(settingsFile === undefined || losses.length > 0
      ? []
      : [mark(adopted, `the settings in ${settingsFile}`, "write")]),
    ...(losses.length > 0 ? [] : imports.map(({ title }) => mark(adopted, title, "import"))),
    ...(losses.length > 0
      ? []
      : (settings.owners ?? []).map((id) =>
          skipped(`${adopted ? "declared" : "would declare"} the owner with the object ID ${id}`),
        )),
    ...(losses.length > 0 ? [] : (settings.federatedCredentials ?? []).map((one) => trustLine(adopted, one))),
    ...(losses.length > 0
      ? []
      : exchangeRightTexts(settings).map((what) =>
          skipped(`${adopted ? "declared" : "would declare"} the ${what}`),
        )),
    ...notReadLines(notRead).map(skipped),
    ...terraform.map(({ address, urn }) =>
      skipped(
        urn === undefined
          ? `Terraform has ${address}, which the stack does not take over`
          : `after the import: terraform state rm ${shellArgument(address, "ADDRESS")}`,
      ),
    ),
    ...(update === undefined
      ? []
      : [
          ...update.creates.map((what) => skipped(`the next update creates ${what}`)),
          ...update.updates.map((what) => skipped(`the next update updates ${what}`)),
          ...update.removesOrReplaces.map((what) => bad(`the next update would ${what}`)),
        ]),
    "",
    end(result),
  ];
  return `${lines.join("\n")}\n`;
}

const done = { write: "wrote", import: "imported" } as const;

function mark(adopted: boolean, what: string, verb: keyof typeof done): string {
  return adopted ? good(`${done[verb]} ${what}`) : skipped(`would ${verb} ${what}`);
}

/** Whoever gets a token with this subject signs in as the application. */
function trustLine(
  adopted: boolean,
  { name, issuer, subject, allowWideSubject }: AdoptedFederatedCredential,
): string {
  const what = `${adopted ? "declared" : "would declare"} that the federated credential "${name}" trusts "${subject}" of ${issuer}`;
  return allowWideSubject === true
    ? bad(`${what}, a subject that jobs of more than one branch or environment can get`)
    : skipped(what);
}

function end({ adopted, losses, imports, settings, update }: AdoptResult): string {
  if (losses.length > 0)
    return "Nothing was changed, because an update would remove something. Add --existing, which leaves the application alone. Or remove what the list names, and run this again.";
  if (!adopted)
    return "Nothing was changed. Imported certificates, federated credentials and owners count as declared, and `exo-auth audit` no longer reports them. If each of them is yours, run the same command with --yes.";
  if ((update?.removesOrReplaces.length ?? 0) > 0)
    return "Do not run `pulumi up`: it would remove or replace something. Compare the program with what `exo-auth adopt --code` prints. To back out, run `pulumi state delete`, and never `pulumi destroy`.";
  const first =
    imports.length === 0 ? "The stack has the application already." : "The stack has the application now.";
  const grant =
    exchangeRightTexts(settings).length > 0
      ? " Then run `exo-auth grant`, which takes over the role groups and roles of Exchange itself as they are."
      : "";
  return `${first} Run \`pulumi preview --diff\`, and then \`pulumi up\`.${grant} To back out, run \`pulumi state delete\`, and never \`pulumi destroy\`.`;
}
