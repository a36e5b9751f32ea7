/** A certificate file that cannot be used, and what to do about it. */
export class CertificateFileError extends Error {
  override readonly name = "CertificateFileError";

  /** @param subject what cannot be used, as in `The certificate file "x.pfx"` */
  constructor(subject: string, problem: string, options?: ErrorOptions) {
    super(`${subject} ${problem}`, options);
  }
}
