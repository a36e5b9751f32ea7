import { Failure } from "../common/failure.ts";
import { secretSignature, signatureKey } from "../common/pulumiSignatures.ts";

/** Whether a value is a secret that is not laid open: its state was exported without secrets. */
export function isSealed(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    signatureKey in value &&
    value[signatureKey] === secretSignature &&
    !("plaintext" in value)
  );
}

/** Whether such a secret is the value, or anywhere in it. */
export function hasSealed(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isSealed(value) || Object.values(value).some(hasSealed);
}

/** Whether a state that was exported with its secrets has secrets, and null is all of them (github.com/pulumi/pulumi/issues/23476). */
export function areSecretsLost(state: unknown): boolean {
  const found = [...plaintexts(state)];
  return found.length > 0 && found.every((plaintext) => plaintext === "null");
}

function* plaintexts(value: unknown): Generator {
  if (typeof value !== "object" || value === null) return;
  if (signatureKey in value && value[signatureKey] === secretSignature && "plaintext" in value) {
    yield value.plaintext;
  } else {
    for (const inner of Object.values(value)) yield* plaintexts(inner);
  }
}

/** A value was asked for that is a secret and not laid open. */
export class SealedValue extends Failure {
  /**
   * @param name of the property
   * @param owner whose it is, in words
   */
  constructor(name: string, owner: string) {
    super(
      "EXO_AUTH_PULUMI",
      `\`${name}\` of ${owner} is a secret, and this command needs its value. So it needs the stack's secrets.`,
      { reason: "configuration" },
    );
  }
}

/** Does something that needs the stack's secrets. @throws Failure that says first what they are needed for */
export async function openingFor<T>(purpose: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, reason, message } = error;
    throw new Failure(code, `${purpose}\n${message}`, { reason, cause: error });
  }
}
