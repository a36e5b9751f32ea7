import { expect, test } from "vitest";
import { changeByHand, suppliedByHand, verifiedByHand } from "../../../operations/rotation/byHand.ts";
import type { RotationSubject } from "../../../operations/rotation/subject.ts";
import { tokensEndAfter } from "../../../operations/rotation/tokenLifetime.ts";
import { stackStateOf } from "../../../stack/components.ts";
import { selectComponent } from "../../../stack/selectComponents.ts";
import { parseExport } from "../../../stack/exportedState.ts";
import { exportedComponent, exportOf } from "../../stack/exportedState.ts";

const component = selectComponent(
  stackStateOf(parseExport(exportOf(exportedComponent("s", "p", "exchange")))),
  undefined,
);
const subject = { component, configuration: undefined, language: "nodejs" } as RotationSubject;

test("generations that no settings file lists are changed where they are listed", () => {
  expect(changeByHand(subject, ["2", "1"])).toBe(
    'The command cannot edit the generations: the stack\'s own settings do not list them, or `Pulumi.yaml` does not declare `certificate` under `config`. In the place that lists them for component "exchange", set `certificate.generations` to [{ name: "2" }, { name: "1" }], each with everything that it has now, and run `pulumi up`.',
  );
});

test.each([
  [["1", "2"], "at the end of `certificate.generations`"],
  [["2"], "in place of the expired one, in one update"],
])("the successor of a certificate that was made elsewhere is made there: %j", (target, place) => {
  expect(suppliedByHand(subject, target)).toBe(
    `The certificate was created elsewhere, so create its successor there, too. Add it in the program that declares "exchange", ${place}: { name: "2", publicCertificate: "…" }. Run \`pulumi up\`, and then this again.`,
  );
});

test("another machine signs in with a key that is there", () => {
  expect(verifiedByHand(subject, "2", ["2", "1"])).toBe(
    'The private key of generation "2" is elsewhere. Sign in with it there, with `exo-auth verify --certificate-file FILE --app-id app-of-exchange --organization contoso.onmicrosoft.com`. If that works, set `certificate.generations` to [{ name: "2" }, { name: "1" }], each with everything that it has now, and run `pulumi up`.',
  );
});

test.each([
  [
    "python",
    'set `generations` of `certificate` to `[CertificateGenerationArgs(name="2"), CertificateGenerationArgs(name="1")]`, each',
    'at the end of `generations` of `certificate`: `CertificateGenerationArgs(name="2", public_certificate="…")`. Run',
  ],
  [
    "go",
    'set `Generations` of `Certificate` to `[]exchangeauth.CertificateGenerationArgs{{Name: "2"}, {Name: "1"}}`, each',
    'at the end of `Generations` of `Certificate`: `{Name: "2", PublicCertificate: pulumi.String("…")}`. Run',
  ],
  [
    "yaml",
    'set `certificate.generations` to [{ name: "2" }, { name: "1" }], each',
    'at the end of `certificate.generations`: { name: "2", publicCertificate: "…" }. Run',
  ],
])("a program in %s is changed in its own language", (language, listed, supplied) => {
  const elsewhere = { ...subject, language };
  expect(changeByHand(elsewhere, ["2", "1"])).toContain(listed);
  expect(verifiedByHand(elsewhere, "2", ["2", "1"])).toContain(listed);
  expect(suppliedByHand(elsewhere, ["1", "2"])).toContain(supplied);
});

test("a token lives for 90 minutes at most", () => {
  expect(tokensEndAfter(new Date("2026-11-23T09:00:00Z"))).toBe("2026-11-23T10:30:00Z");
});
