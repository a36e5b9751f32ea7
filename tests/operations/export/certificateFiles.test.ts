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

const piped = (form: string, isTerminal: boolean, force: boolean, of: Generation = generation): string =>
  pipeCertificate({ ...component, generations: [of] }, form, isTerminal, force);

test.each([
  ["pem", "key\ncertificate\n"],
  ["pfx", "cGZ4"],
  ["pfx-password", "password"],
])("--stdout %s goes to a pipe, and to a terminal only with --force", (form, text) => {
  expect(piped(form, false, false)).toBe(text);
  expect(piped(form, true, true)).toBe(text);
  expect(() => piped(form, true, false)).toThrow(
    `--stdout ${form} would show a secret on the terminal. Send it to a pipe or a file, or use --force.`,
  );
});

test("--stdout certificate goes to a terminal, too", () => {
  expect(piped("certificate", true, false)).toBe("certificate\n");
});

test("a form that is not known, and one that needs a key that is elsewhere", () => {
  expect(() => piped("jks", false, false)).toThrow(
    '--stdout must be one of certificate, pem, pfx, pfx-password, got "jks".',
  );
  const { privateKeyPem: _, pfxBase64: __, pfxPassword: ___, ...elsewhere } = generation;
  expect(piped("certificate", false, false, elsewhere)).toBe("certificate\n");
  for (const form of ["pem", "pfx", "pfx-password"]) {
    expect(() => piped(form, false, false, elsewhere)).toThrow(
      `Component "exchange" has no ${form}: its key was created elsewhere. Only --stdout certificate is available.`,
    );
  }
});

test.each(["privateKeyPem", "pfxBase64", "pfxPassword"] as const)(
  "without %s there is only the public file",
  (missing) => {
    const { [missing]: _, ...others } = generation;
    expect(certificateFiles(others).map(({ extension }) => extension)).toEqual([".cer"]);
  },
);
