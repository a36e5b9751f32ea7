/** Something that could not be read: neither there nor not there. */
export interface NotRead {
  readonly what: string;
  readonly reason: string;
  /** Whether a right is missing. */
  readonly denied: boolean;
  /** Whether the command does without that right, and only says so. @default false */
  readonly optional?: boolean;
}

/** Each of them once. */
export function withoutRepeats(notRead: readonly NotRead[]): readonly NotRead[] {
  return [...new Map(notRead.map((one) => [`${one.what} ${one.reason}`, one])).values()];
}
