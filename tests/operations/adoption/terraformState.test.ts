import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  onlyApplication,
  readTerraformState,
  terraformTwins,
} from "../../../operations/adoption/terraformState.ts";

const fixture = join(import.meta.dirname, "../../fixtures/foreignTools/terraform.json");

test("what the azuread provider manages, by its address, and no key", async () => {
  const resources = await readTerraformState(fixture);
  expect(resources).toEqual([
    {
      address: "module.mail.azuread_application.exchange",
      id: "/applications/APPLICATION",
      type: "azuread_application",
      clientId: "client",
    },
    {
      address: "module.mail.azuread_service_principal.exchange",
      id: "/servicePrincipals/PRINCIPAL",
      type: "azuread_service_principal",
    },
    {
      address: 'module.mail.azuread_application_certificate.exchange["2026"]',
      id: "APPLICATION/certificate/KEY",
      type: "azuread_application_certificate",
    },
    {
      address: "module.mail.azuread_application_owner.admin[0]",
      id: "/applications/APPLICATION/owners/OWNER",
      type: "azuread_application_owner",
    },
  ]);
  expect(onlyApplication(resources)).toBe("client");
});

test("each becomes what the import makes of the same object", async () => {
  const imports = [
    { urn: "urn:application", id: "/applications/APPLICATION", title: "a" },
    { urn: "urn:keyId", id: "KEY", title: "k" },
    { urn: "urn:certificate", id: "APPLICATION/certificate/KEY", title: "c" },
  ];
  expect(terraformTwins(await readTerraformState(fixture), imports).map(({ urn }) => urn)).toEqual([
    "urn:application",
    undefined,
    "urn:certificate",
    undefined,
  ]);
});

test("none, or several applications", () => {
  expect(() => onlyApplication([])).toThrow(
    "The Terraform state must have an application, but it has none. Give its client ID with --app-id.",
  );
  const one = { address: "a", id: "i", type: "azuread_application", clientId: "1" };
  expect(() => onlyApplication([one, { ...one, clientId: "2" }])).toThrow(
    "The Terraform state has several applications. Choose one with --app-id: 1, 2.",
  );
});

test("a file that is no state", async () => {
  const folder = mkdtempSync(join(tmpdir(), "exo-auth-terraform-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "state.json");
  writeFileSync(file, '{"version": 3}');
  await expect(readTerraformState(file)).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message: `--terraform-state must name a Terraform state of version 4, got "${file}". \`terraform state pull > state.json\` writes one.`,
  });
});
