import { publicKeySha256Of } from "../../common/certificate.ts";
import type { Generation } from "../../stack/components.ts";

/** A generation whose key was stolen. */
export interface StolenGeneration extends Generation {
  /** The SHA-256 of its public key; absent where it cannot be read. */
  readonly publicKeySha256?: string | undefined;
}

/** A generation with its public key. */
export function stolenGeneration(generation: Generation): StolenGeneration {
  return { ...generation, publicKeySha256: keyOf(generation) };
}

/**
 * The names of the generations whose certificates are of a stolen key, the stolen one first: a certificate that was renewed
 * elsewhere can have the key of the one before, and whoever has that signs in with either.
 */
export function generationsOfKey(
  { generation, publicKeySha256 }: StolenGeneration,
  generations: readonly Generation[],
): readonly string[] {
  const others = generations.filter(
    (other) =>
      other.generation !== generation && publicKeySha256 !== undefined && keyOf(other) === publicKeySha256,
  );
  return [generation, ...others.map((other) => other.generation)];
}

function keyOf({ certificatePem }: Generation): string | undefined {
  try {
    return publicKeySha256Of(certificatePem);
  } catch {
    return undefined;
  }
}
