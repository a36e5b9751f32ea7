import { encodePfx } from "../components/pfx/encodePfx.ts";
import { PfxEncoding } from "../components/pfx/pfxContent.ts";
import { makeCredential, sampleContent } from "../tests/components/pfx/pfxSample.ts";
import type { Row } from "./benchmark.ts";
import { medianTimes } from "./measure.ts";

export const name = "pfx";

/** What a PFX costs at each `pulumi up` and preview, which make it anew. */
export async function run(): Promise<readonly Row[]> {
  const content = { ...sampleContent, ...(await makeCredential()) };
  const times = await medianTimes(9, {
    compatible: () => encodePfx({ ...content, encoding: PfxEncoding.Compatible }),
    modern: () => encodePfx({ ...content, encoding: PfxEncoding.Modern }),
  });
  return [
    { figure: "compatible (3DES, SHA-1)", value: times.compatible, unit: "ms" },
    { figure: "modern (AES-256, SHA-256)", value: times.modern, unit: "ms" },
  ];
}
