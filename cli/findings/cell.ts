/**
 * A text of a table's cell, which begins no formula where somebody copies the table into a spreadsheet. A number stays one,
 * such as the days that a certificate has left.
 */
export function cellText(value: string): string {
  return value.trimStart().replace(/^[=+\-@](?!\d+$)/, "'$&");
}
