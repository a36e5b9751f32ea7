/** Something that could not be read: neither there nor not there. */
export interface NotRead {
  readonly what: string;
  readonly reason: string;
  /** Whether a right is missing. */
  readonly denied: boolean;
  /** Whether the command does without that right, and only says so. @default false */
  readonly optional?: boolean;
}

/** Each of them once: which request was refused differs from one application to the next, the right does not. */
export function withoutRepeats(notRead: readonly NotRead[]): readonly NotRead[] {
  const shortened = notRead.map((one) =>
    one.denied ? { ...one, reason: one.reason.replace(/ \(.*$/s, "") } : one,
  );
  return [...new Map(shortened.map((one) => [`${one.what} ${one.reason}`, one])).values()];
}
