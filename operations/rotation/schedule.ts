import { createHash } from "node:crypto";

/** From when to when a certificate is valid, in milliseconds since 1970. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** The part of its lifetime after which a certificate is renewed, as cert-manager has it. */
const renewalPoint = 2 / 3;

/** The part of its lifetime over which a fleet's renewals are spread. */
const spreadPart = 1 / 12;

/**
 * When the next generation is due: two thirds into the certificate's actual lifetime, or as long before its end as is
 * asked for; and earlier by up to a twelfth of the lifetime, so that a fleet does not rotate in one minute.
 *
 * @param spreadKey what tells the stack from others of the fleet; the same key always gives the same time.
 * @param renewBeforeMs shorter than the lifetime.
 * @returns milliseconds since 1970, whole seconds.
 */
export function rotationDue(
  { notBefore, notAfter }: Validity,
  spreadKey: string,
  renewBeforeMs?: number,
): number {
  const lifetime = notAfter - notBefore;
  const latest = renewBeforeMs === undefined ? notBefore + lifetime * renewalPoint : notAfter - renewBeforeMs;
  // What is renewed soon after it was made is spread less, so that it is not due at once.
  const window = Math.min(lifetime * spreadPart, (latest - notBefore) / 2);
  return wholeSeconds(latest - window * fractionOf(spreadKey));
}

/** A number from 0 to 1 that depends on the text alone and spreads evenly. */
function fractionOf(text: string): number {
  return createHash("sha256").update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}

function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000;
}
