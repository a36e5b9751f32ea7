/** A number with its noun, in the plural unless it is one: "1 day", "2 days". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
