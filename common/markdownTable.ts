type Cells = readonly string[];

/** A Markdown table; its cells are Markdown already. */
export function markdownTable(head: Cells, rows: readonly Cells[]): string {
  return render([head, head.map(() => "---"), ...rows]);
}

/** As `markdownTable`, with columns of one width, so that a terminal shows it as well as a page does. */
export function alignedMarkdownTable(head: Cells, rows: readonly Cells[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const align = (row: Cells): Cells => row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  return render([align(head), widths.map((width) => "-".repeat(width)), ...rows.map(align)]);
}

function render(lines: readonly Cells[]): string {
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
