import { type ErrorCode, Failure } from "../common/failure.ts";
import type { PulumiOptions } from "../stack/pulumiCli.ts";

/** Whatever was thrown, as a failure with a code. */
export async function failureOf(
  error: unknown,
  { signal, env }: Pick<PulumiOptions, "signal" | "env">,
): Promise<Failure> {
  if (error instanceof Failure) return error;
  if (signal.aborted) return new Failure("EXO_AUTH_CANCELLED", "Canceled.");
  const { ApiError } = await import("../graph/apiError.ts");
  if (error instanceof ApiError) {
    return new Failure("EXO_AUTH_SERVICE", error.message, { cause: error });
  }
  const { SignInError } = await import("../graph/signInError.ts");
  if (error instanceof SignInError && error.isUnavailable) {
    return new Failure("EXO_AUTH_SERVICE", error.message, { cause: error });
  }
  if (error instanceof SignInError) {
    const { federatedRefusal } = await import("./verification/federatedRefusal.ts");
    const { cloudOfEnvironment } = await import("../graph/endpoints.ts");
    const refusal = federatedRefusal(error, cloudOfEnvironment(env.ARM_ENVIRONMENT ?? "") ?? "global");
    if (refusal) {
      return new Failure("EXO_AUTH_SIGN_IN", `${refusal.message} ${refusal.remedy}`, { cause: error });
    }
    const message = `${error.message.replace(/\.$/, "")}. Check the identity and the credential in the ARM_… variables. Without these variables, the Azure CLI's account signs in (\`az login\`).`;
    return new Failure("EXO_AUTH_SIGN_IN", message, { cause: error });
  }
  const { CertificateFileError } = await import("../common/certificateFileError.ts");
  if (error instanceof CertificateFileError) {
    return new Failure("EXO_AUTH_CERTIFICATE", error.message, { cause: error });
  }
  const stack = error instanceof Error ? error.stack : String(error);
  return new Failure("EXO_AUTH_INTERNAL", `This is a bug in exo-auth. Please report it. ${stack}`);
}

/** As `failureOf`, for what goes on: its code, and why in one line, as a list of what failed has it. */
export async function reasonOf(
  error: unknown,
  options: Pick<PulumiOptions, "signal" | "env">,
): Promise<{ readonly code: ErrorCode; readonly reason: string }> {
  const { code, message } = await failureOf(error, options);
  return { code, reason: message.replaceAll(/(?<![.:;,])\s*\n\s*/g, ". ").replaceAll(/\s*\n\s*/g, " ") };
}
