/**
 * A text of a state or a tenant as one argument of a command that people paste: in single quotes, which bash and PowerShell
 * read alike. What ends such quotes in either of them cannot be written for both.
 *
 * @param placeholder stands for a text that has such a character
 */
export function shellArgument(text: string, placeholder: string): string {
  return `'${endsQuotes.test(text) ? placeholder : text}'`;
}

/** The four curly ones are PowerShell's: about_Quoting_Rules. */
const endsQuotes = /['\u2018-\u201B\p{Cc}]/u;
