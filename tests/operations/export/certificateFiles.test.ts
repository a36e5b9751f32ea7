import { expect, test } from "vitest";
import { certificateFiles, pipeCertificate } from "../../../operations/export/certificateFiles.ts";
import { requireCertificate } from "../../../stack/certifiedComponent.ts";
import { type Generation, stackStateOf } from "../../../stack/components.ts";
import { selectComponent } from "../../../stack/selectComponents.ts";
import { parseExport } from "../../../stack/exportedState.ts";
import { exportedComponent, exportOf } from "../../stack/exportedState.ts";

const component = requireCertificate(
  selectComponent(stackStateOf(parseExport(exportOf(exportedComponent("s", "p", "exchange")))), undefined),
);
const [current] = component.generations;
const generation: Generation = {
  ...current,
  certificatePem: "\ncertificate\n\n",
  privateKeyPem: "\nkey\n\n",
  pfxBase64: "cGZ4",
  pfxPassword: "password",
};

test("key and certificate stand in one file, without empty lines around them", () => {
  expect(certificateFiles(generation)).toEqual([
    { extension: ".cer", content: Buffer.from("der"), isSecret: false },
    { extension: ".pfx", content: Buffer.from("pfx"), isSecret: true },
    { extension: ".pfx-password.txt", content: "password", isSecret: true },
    { extension: ".pem", content: "key\ncertificate\n", isSecret: true },
  ]);
  const pipe = (form: string) =>
    pipeCertificate({ ...component, generations: [generation] }, form, false, false);
  expect(pipe("pem")).toBe("key\ncertificate\n");
  expect(pipe("certificate")).toBe("certificate\n");
});

test.each(["privateKeyPem", "pfxBase64", "pfxPassword"] as const)(
  "without %s there is only the public file",
  (missing) => {
    const { [missing]: _, ...others } = generation;
    expect(certificateFiles(others).map(({ extension }) => extension)).toEqual([".cer"]);
  },
);
