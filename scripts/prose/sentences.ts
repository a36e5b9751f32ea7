/** A page's running text: paragraphs and list items, without blocks of code, tables, headings and marks. */
export function runningText(page: string): readonly string[] {
  const text = page
    .replaceAll(/^(```|~~~)[^]*?^\1$/gm, "")
    .replaceAll(/^(\||#|<).*$/gm, "")
    .replaceAll(/^\s*(?:[-*]|\d+\.) /gm, "\n\n")
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/`[^`]+`/g, "code")
    .replaceAll("**", "");
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s+/g, " ").trim())
    .filter((paragraph) => paragraph !== "");
}

/** The number of words of each sentence of a page. A colon at the end of a paragraph ends a sentence, too. */
export function sentenceLengths(page: string): readonly number[] {
  return runningText(page)
    .flatMap((paragraph) => paragraph.split(/(?<=[.!?][)"”]?) (?=[A-Z"(]|code\b)/))
    .map((sentence) => sentence.split(" ").filter((word) => /\w/.test(word)).length)
    .filter((words) => words > 0);
}

/** The mean, with one decimal. */
export function averageOf(lengths: readonly number[]): number {
  const sum = lengths.reduce((total, length) => total + length, 0);
  return lengths.length === 0 ? 0 : Math.round((10 * sum) / lengths.length) / 10;
}
