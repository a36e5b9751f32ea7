import { readFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

import { root } from "../docs/pages.ts";
import { succeed } from "./installPackage.ts";

interface Sbom {
  readonly bomFormat: string;
  readonly serialNumber?: string;
  readonly metadata: { readonly timestamp?: string; readonly component: { readonly purl: string } };
  readonly components: readonly {
    readonly "bom-ref": string;
    readonly hashes: readonly { readonly alg: string; readonly content: string }[];
  }[];
}

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
}

async function sbom(): Promise<Sbom> {
  const { stdout } = await succeed(process.execPath, ["scripts/sbom.ts"], root);
  return JSON.parse(stdout) as Sbom;
}

test("the software bill of materials lists what is installed with the package, each with the lockfile's checksum, and nothing else", async () => {
  const { packages } = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
    packages: Readonly<Record<string, LockedPackage>>;
  };
  const locked = Object.entries(packages).filter(
    ([name, { dev, devOptional, link }]) =>
      name.startsWith("node_modules/") && !(dev ?? false) && !(devOptional ?? false) && !(link ?? false),
  );
  const expected = locked.map(([name, { version, integrity = "" }]) => {
    const [algorithm, content = ""] = integrity.split("-");
    return [
      `${name.split("node_modules/").at(-1)}@${version}`,
      [{ alg: algorithm?.replace("sha", "SHA-"), content: Buffer.from(content, "base64").toString("hex") }],
    ];
  });

  const { bomFormat, metadata, components } = await sbom();
  expect(bomFormat).toBe("CycloneDX");
  expect(metadata.component.purl).toMatch(/^pkg:npm\/exchange-auth@/);
  const listed = components.map((component) => [component["bom-ref"], component.hashes]);
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(expected));
});

test("it is the same the next time, but for its serial number and time", async () => {
  const [first, second] = (await Promise.all([sbom(), sbom()])).map(
    ({ serialNumber, metadata: { timestamp, ...metadata }, ...rest }) => {
      expect([serialNumber, timestamp]).toEqual([
        expect.stringMatching(/^urn:uuid:/),
        expect.stringMatching(/Z$/),
      ]);
      return { ...rest, metadata };
    },
  );
  expect(first).toEqual(second);
});
