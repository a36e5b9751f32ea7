import type { Fields, Shape } from "./schema.ts";
import { isProperties, sameValue, unknown, type Properties, type Value } from "./values.ts";

/** What happens to one property. */
export type ChangeKind = "ADD" | "DELETE" | "UPDATE";

/** One changed property: where it is, what happens to it, and whether that replaces the resource. */
export interface PropertyChange {
  /** The path as Pulumi writes it, such as `owners[0]`. */
  readonly path: string;
  /** The resource's property that it is in. */
  readonly property: string;
  readonly kind: ChangeKind;
  readonly replaces: boolean;
}

/**
 * Compares two states property by property, as Pulumi's bridge to Terraform does.
 *
 * @param inputs - the new inputs: an element of a set is named by its index among them.
 */
export function detailedDiff(
  fields: Fields,
  prior: Properties,
  planned: Properties,
  inputs: Properties,
): PropertyChange[] {
  const changes: PropertyChange[] = [];
  for (const property of Object.keys(fields).toSorted()) {
    const field = fields[property];
    if (field === undefined) continue;
    const report = (path: string, kind: ChangeKind) => {
      changes.push({ path, property, kind, replaces: field.replaces === true });
    };
    compare(field, property, valuesAt(property, { prior, planned, input: inputs }), report);
  }
  return changes;
}

type AddChange = (path: string, kind: ChangeKind) => void;

/** What one place has in the prior state, in the planned one and in the new inputs. */
interface Values {
  readonly prior: Value;
  readonly planned: Value;
  readonly input: Value;
}

/** The values of a member, by name or index; null where there is none. */
function valuesAt(member: string | number, { prior, planned, input }: Values): Values {
  return {
    prior: memberOf(prior, member),
    planned: memberOf(planned, member),
    input: memberOf(input, member),
  };
}

function memberOf(value: Value, member: string | number): Value {
  if (typeof member === "number") return Array.isArray(value) ? (value[member] ?? null) : null;
  return isProperties(value) ? (value[member] ?? null) : null;
}

function compare(shape: Shape, path: string, values: Values, report: AddChange): void {
  const { prior, planned } = values;
  if (isAbsent(prior) && isAbsent(planned)) return;
  if (isAbsent(prior)) return report(path, "ADD");
  if (isAbsent(planned)) return report(path, "DELETE");
  if (planned === unknown) return report(path, "UPDATE");
  if (Array.isArray(prior) && Array.isArray(planned)) {
    if (shape.kind === "set") return compareSets(shape, path, { ...values, prior, planned }, report);
    return compareLists(shape, path, { ...values, prior, planned }, report);
  }
  if (isProperties(prior) && isProperties(planned)) {
    const names = [...new Set([...Object.keys(prior), ...Object.keys(planned)])].toSorted();
    for (const name of names) {
      const member = shape.fields?.[name] ?? shape.element ?? { kind: "string" };
      compare(member, memberPath(path, name), valuesAt(name, values), report);
    }
    return;
  }
  if (!sameValue(prior, planned)) report(path, "UPDATE");
}

/** Terraform does not tell an empty collection from none. */
function isAbsent(value: Value): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

/** As `Values`, of a place that has a list before and after. */
interface ListValues extends Values {
  readonly prior: Value[];
  readonly planned: Value[];
}

function compareLists(shape: Shape, path: string, values: ListValues, report: AddChange): void {
  const { prior, planned } = values;
  const element = shape.element ?? { kind: "string" };
  if (element.kind === "object") {
    for (let index = 0; index < Math.max(prior.length, planned.length); index++) {
      compare(element, `${path}[${index}]`, valuesAt(index, values), report);
    }
    return;
  }
  const { removed, added } = editScript(prior, planned);
  for (const index of [...new Set([...removed, ...added])].toSorted((left, right) => left - right)) {
    const both = removed.includes(index) && added.includes(index);
    report(`${path}[${index}]`, both ? "UPDATE" : removed.includes(index) ? "DELETE" : "ADD");
  }
}

function compareSets(shape: Shape, path: string, values: ListValues, report: AddChange): void {
  const { prior, planned, input } = values;
  const removed = prior.flatMap((item, index) => (includes(planned, item) ? [] : [index]));
  const added = planned.filter((item) => !includes(prior, item));
  if (removed.length === 0 && added.length === 0) return;
  const inputs = Array.isArray(input) ? input : [];
  const places = inputs.length < planned.length ? undefined : placesAmong(inputs, added);
  if (places === undefined) return report(path, "UPDATE");
  const element = shape.element ?? { kind: "string" };
  const indexes = [...new Set([...removed, ...places.keys()])].toSorted((left, right) => left - right);
  for (const index of indexes) {
    const before = removed.includes(index) ? (prior[index] ?? null) : null;
    const item: Values = { prior: before, planned: places.get(index) ?? null, input: memberOf(input, index) };
    compare(element, `${path}[${index}]`, item, report);
  }
}

function includes(items: readonly Value[], item: Value): boolean {
  return items.some((other) => sameValue(other, item));
}

/** Where among the inputs each added element stands; undefined where one is not to be found. */
function placesAmong(inputs: readonly Value[], added: readonly Value[]): Map<number, Value> | undefined {
  const places = new Map<number, Value>();
  for (const item of added) {
    const index = inputs.findIndex((input, at) => !places.has(at) && agrees(input, item));
    if (index === -1) return undefined;
    places.set(index, item);
  }
  return places;
}

/** Whether the plan made the element out of the input: it may have added what the input leaves open. */
function agrees(input: Value, planned: Value): boolean {
  if (isProperties(input) && isProperties(planned)) {
    return Object.entries(planned).every(
      ([name, member]) => (input[name] ?? null) === null || agrees(input[name] ?? null, member),
    );
  }
  return sameValue(input, planned) || (Array.isArray(input) && Array.isArray(planned));
}

/** Which indexes of the old list go and which of the new list come, keeping the longest common part. */
function editScript(
  prior: readonly Value[],
  planned: readonly Value[],
): { removed: number[]; added: number[] } {
  const lengths = prior.map(() => planned.map(() => 0));
  const lengthAt = (row: number, column: number) => lengths[row]?.[column] ?? 0;
  for (let row = prior.length - 1; row >= 0; row--) {
    for (let column = planned.length - 1; column >= 0; column--) {
      const common = sameValue(prior[row], planned[column]);
      const length = common
        ? lengthAt(row + 1, column + 1) + 1
        : Math.max(lengthAt(row + 1, column), lengthAt(row, column + 1));
      lengths[row]?.splice(column, 1, length);
    }
  }
  const removed: number[] = [];
  const added: number[] = [];
  let row = 0;
  let column = 0;
  while (row < prior.length || column < planned.length) {
    if (row < prior.length && column < planned.length && sameValue(prior[row], planned[column])) {
      row++;
      column++;
    } else if (
      column >= planned.length ||
      (row < prior.length && lengthAt(row + 1, column) >= lengthAt(row, column + 1))
    ) {
      removed.push(row++);
    } else {
      added.push(column++);
    }
  }
  return { removed, added };
}

function memberPath(path: string, name: string): string {
  return /^[_a-zA-Z][-_a-zA-Z0-9]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}
