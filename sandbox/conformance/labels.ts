/** What the values that differ from run to run stand for, such as an ID for `<jobs.application>`. */
export class Labels {
  #labels: (readonly [value: string, label: string])[] = [];

  /** Gives a value a label; the longest values are replaced first. */
  add(value: string, label: string): void {
    if (value.length < 4 || this.#labels.some(([known]) => known === value.toLowerCase())) return;
    this.#labels = [...this.#labels, [value.toLowerCase(), `<${label}>`] as const].toSorted(
      ([one], [other]) => other.length - one.length,
    );
  }

  /** Every value that has a label. */
  get values(): readonly string[] {
    return this.#labels.map(([value]) => value);
  }

  /** A text with labels in place of what they stand for. */
  replace(text: string): string {
    let replaced = text;
    for (const [value, label] of this.#labels) {
      for (let at = replaced.toLowerCase().indexOf(value); at >= 0;) {
        replaced = replaced.slice(0, at) + label + replaced.slice(at + value.length);
        at = replaced.toLowerCase().indexOf(value, at + label.length);
      }
    }
    return replaced;
  }
}
