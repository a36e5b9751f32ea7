import * as v from "valibot";
import { generationName } from "../../common/generationName.ts";

/** A generation as a configuration lists it. */
export interface DeclaredGeneration {
  readonly name: string;
  /** Whether its certificate was made elsewhere and is given with it. */
  readonly supplied: boolean;
}

/**
 * The generations that a `certificate` setting lists; the component's default where it lists none.
 *
 * @param certificate the setting's value; undefined where it is not set.
 * @returns undefined where it is no such setting.
 */
export function declaredGenerations(certificate: unknown): readonly DeclaredGeneration[] | undefined {
  const parsed = v.safeParse(Certificate, certificate ?? {});
  if (!parsed.success) return undefined;
  const { generations = [{ name: "1" }] } = parsed.output;
  return generations.map((generation) => ({
    name: generation.name,
    supplied: "publicCertificate" in generation,
  }));
}

const Name = v.pipe(v.unknown(), v.transform(generationName), v.string());

const Certificate = v.object({
  generations: v.optional(v.array(v.object({ name: Name, publicCertificate: v.optional(v.unknown()) }))),
});
