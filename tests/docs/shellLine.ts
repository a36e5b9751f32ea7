/** A command line as a shell takes it apart: words without their quotes. What a program fills in is one word. */
export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\$\{[^}]*\}|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(/^['"]|['"]$/g, ""),
  );
}

/** The part of a line that is one command: up to a pipe, a redirection, the next command, or the end of a code span. */
export function firstCommand(line: string): string {
  let rest = line;
  let command = "";
  while (rest !== "") {
    const [part] = /^(?:'[^']*'|"(?:\\.|[^"\\])*"|\$\{[^}]*\}|[^])/.exec(rest) ?? [""];
    if (/^[|&;<>()`\\]$/.test(part)) break;
    command += part;
    rest = rest.slice(part.length);
  }
  return command.trim();
}

/** Whether a shell would take some of a line for a pattern of file names; zsh refuses one that matches none. */
export function hasPattern(line: string): boolean {
  const bare = line.replaceAll(/'[^']*'|"(?:\\.|[^"\\])*"|\$\?/g, "");
  return /[*?[\]]/.test(bare);
}
