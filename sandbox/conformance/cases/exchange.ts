import { roleTemplateId } from "../../tenant/catalogue/directoryRoles.ts";
import type { ConformanceCase } from "../conformanceCase.ts";
import * as own from "../fixtures.ts";
import type { Probe } from "../probe.ts";
import type { Workplace } from "../workplace.ts";

const licensed: ConformanceCase["fits"] = ({ exchange }) => exchange;

/** How Exchange's admin API answers applications. */
export const exchangeCases: readonly ConformanceCase[] = [
  {
    id: "adminApi",
    title: "A cmdlet without Exchange.ManageAsApp, and with it and no role",
    beliefs: ["adminApi"],
    fits: licensed,
    run: async (probe) => {
      const { workplace } = probe;
      const { scope } = workplace.options.target.endpoints.exchangeOnline;
      const without = await own.tokenOf(workplace, await own.signing(workplace), scope);
      await probe.invoke("without the permission", "Get-OrganizationConfig", {}, without);
      await probe.invoke("without a role", "Get-OrganizationConfig", {}, await tokenWithConsent(workplace));
    },
  },
  {
    id: "unlicensedTenant",
    title: "A cmdlet in a tenant without Exchange Online",
    beliefs: ["unlicensedTenant"],
    options: ["directory-role"],
    fits: ({ exchange }) => !exchange,
    run: async (probe) =>
      probe.invoke("without a license", "Get-OrganizationConfig", {}, await tokenOfReader(probe)),
  },
  {
    id: "cmdletRights",
    title: "What Global Reader may read in Exchange",
    beliefs: ["cmdletRights"],
    options: ["directory-role"],
    fits: licensed,
    allowsMore: true,
    run: async (probe) => {
      const token = await tokenOfReader(probe);
      for (const cmdlet of ["Get-OrganizationConfig", "Get-AcceptedDomain", "Get-RoleGroup"]) {
        await probe.invoke("by Global Reader", cmdlet, {}, token);
      }
    },
  },
  {
    id: "foreignCmdlet",
    title: "A cmdlet that Global Reader may not run",
    beliefs: ["foreignCmdlet"],
    options: ["directory-role"],
    fits: licensed,
    run: async (probe) => {
      const Identity = `${probe.workplace.options.mark} nobody`;
      const parameters = { Identity, DisplayName: Identity };
      await probe.invoke("by Global Reader", "Set-Mailbox", parameters, await tokenOfReader(probe));
    },
  },
  {
    id: "cmdletOutput",
    title: "The properties that a cmdlet writes",
    beliefs: ["cmdletOutput"],
    options: ["directory-role"],
    fits: licensed,
    run: async (probe) =>
      probe.invoke("by Global Reader", "Get-OrganizationConfig", {}, await tokenOfReader(probe)),
  },
];

/** A token for Exchange Online, with Exchange.ManageAsApp in it by now. */
async function tokenWithConsent(workplace: Workplace): Promise<string> {
  const consented = await own.consented(workplace);
  return tokenWith(workplace, consented, "roles");
}

/** A token of an application with Exchange.ManageAsApp and Global Reader. */
async function tokenOfReader({ workplace }: Probe): Promise<string> {
  return workplace.shared("tokenOfReader", async () => {
    const reader = await own.certified(workplace, "globalReader");
    await own.consent(workplace, reader.principalId);
    await own.assignRole(workplace, reader.principalId, roleTemplateId("Global Reader"));
    return tokenWith(workplace, reader, roleTemplateId("Global Reader"));
  });
}

/** A token as soon as its claims have a word. */
async function tokenWith(
  workplace: Workplace,
  signed: own.SigningApplication,
  word: string,
): Promise<string> {
  const { scope } = workplace.options.target.endpoints.exchangeOnline;
  const answer = await workplace.until(
    "get a token with what was granted",
    async () => workplace.signIn(await own.signInForm(workplace, signed, { scope })),
    (candidate) => claimsOf(own.textAt(candidate, "access_token")).includes(word),
  );
  return own.textAt(answer, "access_token");
}

function claimsOf(token: string): string {
  return Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
}
