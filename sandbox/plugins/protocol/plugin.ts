import { parseUrn } from "../../../stack/urn.ts";
import { readState } from "./appliedState.ts";
import { applyChange, bridgeMessage, outputs } from "./applyChange.ts";
import type { Dialect } from "./dialect.ts";
import { detailedDiff, type PropertyChange } from "./detailedDiff.ts";
import { checkArguments, checkInputs, type CheckedInputs } from "./inputs.ts";
import { ignoring, pick, planState } from "./plan.ts";
import { importInputs, refreshInputs } from "./readInputs.ts";
import {
  type Operation,
  type Plan,
  type PluginDefinition,
  type ResourceType,
  type State,
} from "./resource.ts";
import { namesWhere, type Fields } from "./schema.ts";
import { stateMetadata, timeoutOf, type OwnTimeout } from "./stateMetadata.ts";
import { unknown, type Properties, type Value } from "./values.ts";

/** The verdict of a diff. */
export interface Verdict {
  readonly changed: boolean;
  /** Changed properties. */
  readonly diffs: readonly string[];
  /** Changed properties that force a replacement. */
  readonly replaces: readonly string[];
  /** Properties that would force a replacement, and did not change. Only from the older bridge. */
  readonly stables: readonly string[];
  /** Changes within properties. Only from the older bridge. */
  readonly detailed: readonly PropertyChange[] | undefined;
}

/** A resource that exists. */
export interface Existing extends State {
  readonly id: string;
  readonly inputs: Properties;
}

/** How a resource is to be created or updated. */
export interface ApplyOptions {
  readonly preview: boolean;
  /** Seconds; 0 for the type's own. */
  readonly timeout: number;
  /** Properties that the user wants ignored. */
  readonly ignored?: readonly string[];
}

/** What a plugin answers to the engine, apart from how it is sent: all that the bridges to Terraform do alike for every type. */
export class Plugin<Client = unknown> {
  readonly name: string;
  readonly dialect: Dialect;
  readonly #definition: PluginDefinition<Client>;
  #configured: { readonly client: Client } | undefined;

  constructor(definition: PluginDefinition<Client>) {
    this.name = definition.name;
    this.dialect = definition.dialect;
    this.#definition = definition;
  }

  /** Checks the provider's own settings. */
  checkConfig(news: Properties): CheckedInputs {
    const { version: _version, pluginDownloadURL: _url, ...settings } = news;
    const { failures } = checkInputs("provider", this.#definition.config, settings, {}, "framework");
    return { inputs: news, failures };
  }

  /** Gets ready for operations. */
  async configure(config: Properties): Promise<void> {
    this.#configured = { client: await this.#definition.configure(config) };
  }

  /** Checks a resource's inputs. */
  check(urn: string, news: Properties, olds: Properties): CheckedInputs & { fields: Fields } {
    const { fields } = this.#typeOf(urn);
    return { ...checkInputs(parseUrn(urn).name, fields, news, olds, this.dialect), fields };
  }

  /** Compares what is with what is wanted. */
  diff(urn: string, olds: Properties, news: Properties, ignored: readonly string[]): Verdict {
    const type = this.#typeOf(urn);
    const prior = pick(olds, type.fields);
    const { planned, replaces } = this.#planFor(type, ignoring(news, prior, ignored), prior);
    return verdictOf(type.fields, detailedDiff(type.fields, prior, planned, news), replaces, this.dialect);
  }

  /** @throws IncompleteError where something was created and is not finished */
  async create(urn: string, inputs: Properties, options: ApplyOptions): Promise<State & { id: string }> {
    const type = this.#typeOf(urn);
    const own: OwnTimeout = { kind: "create", seconds: options.timeout };
    const { planned } = this.#planFor(type, inputs);
    if (options.preview) return { id: "", ...this.#preview(type, unknown, planned, own) };
    const { dialect } = this;
    return applyChange(
      { type, dialect, client: this.#client(), urn, verb: "creating", own, planned },
      async (operation, known) => type.create(operation, known),
    );
  }

  /** Reads what is there, for a refresh or, without `olds`, for an import; undefined where it is gone. */
  async read(urn: string, id: string, olds: Properties, inputs: Properties): Promise<Existing | undefined> {
    const { dialect } = this;
    const type = this.#typeOf(urn);
    const isRefresh = Object.keys(olds).length > 0;
    if (!isRefresh && type.isId?.(id) === false) return undefined;
    const prior = isRefresh ? pick(olds, type.fields) : {};
    const actual = await type
      .read(this.#operation(type, { kind: "read", seconds: 0 }), id, prior)
      .catch((error: unknown) => {
        const message = bridgeMessage(error, dialect);
        throw new Error(dialect === "sdk" ? `refreshing ${urn}: ${message}` : message, { cause: error });
      });
    if (actual === undefined) return undefined;
    const state = readState(type.fields, { ...prior, ...actual });
    const shown = dialect === "sdk" ? state : withoutNulls(state);
    const ownId = dialect === "framework" && typeof state["id"] === "string" ? state["id"] : id;
    const metadata = stateMetadata(type, isRefresh ? "state" : "import");
    return {
      id: ownId,
      properties: outputs(dialect, ownId, state, metadata),
      inputs: isRefresh ? refreshInputs(inputs, shown) : importInputs(type.fields, shown, dialect),
      fields: type.fields,
    };
  }

  /** @throws IncompleteError where the update is not finished */
  async update(
    urn: string,
    id: string,
    olds: Properties,
    news: Properties,
    options: ApplyOptions,
  ): Promise<State> {
    const type = this.#typeOf(urn);
    const own: OwnTimeout = { kind: "update", seconds: options.timeout };
    const prior = pick(olds, type.fields);
    const { planned } = this.#planFor(type, ignoring(news, prior, options.ignored ?? []), prior);
    if (options.preview) return this.#preview(type, id, planned, own);
    const { dialect } = this;
    return applyChange(
      { type, dialect, client: this.#client(), urn, id, verb: "updating", own, planned },
      async (operation, known) =>
        type.update === undefined ? known : type.update(operation, id, prior, known),
    );
  }

  /** @param seconds how long it may take; 0 for the type's own time */
  async delete(urn: string, id: string, olds: Properties, seconds: number): Promise<void> {
    const type = this.#typeOf(urn);
    const operation = this.#operation(type, { kind: "delete", seconds });
    await type.delete?.(operation, id, pick(olds, type.fields)).catch((error: unknown) => {
      throw new Error(`deleting ${urn}: ${bridgeMessage(error, this.dialect)}`, { cause: error });
    });
  }

  /** Calls a function. */
  async invoke(
    token: string,
    args: Properties,
  ): Promise<(State & { failures?: undefined }) | { failures: readonly string[] }> {
    const called = lookUp(this.#definition.functions, "function", token);
    const { inputs, failures } = checkArguments(called.inputs, args, called.exactlyOneOf ?? []);
    if (failures.length > 0) return { failures };
    const properties = await called.call(this.#client(), inputs).catch((error: unknown) => {
      throw new Error(`invoking ${token}: ${bridgeMessage(error, this.dialect)}`, { cause: error });
    });
    return { properties, fields: called.outputs };
  }

  #client(): Client {
    if (this.#configured !== undefined) return this.#configured.client;
    throw new Error(`The ${this.name} plugin is not configured.`);
  }

  #typeOf(urn: string): ResourceType<Client> {
    return lookUp(this.#definition.resources, "resource type", parseUrn(urn).type);
  }

  #planFor(type: ResourceType<Client>, inputs: Properties, prior?: Properties): Plan {
    const planned = planState(type.fields, inputs, prior, this.dialect);
    return type.plan?.(planned, inputs, prior) ?? { planned, replaces: [] };
  }

  #preview(type: ResourceType<Client>, id: Value, planned: Properties, own: OwnTimeout): State {
    const metadata = stateMetadata(type, "plan", own);
    return { properties: outputs(this.dialect, id, planned, metadata), fields: type.fields };
  }

  /** An operation that changes nothing which the engine has to hear of before it ends. */
  #operation(type: ResourceType<Client>, own: OwnTimeout): Operation<Client> {
    const timeout = timeoutOf(type.timeouts, own);
    return { client: this.#client(), timeout, setId: () => undefined, learn: () => undefined };
  }
}

/** @param replaces properties that force a replacement whether they changed or not. */
function verdictOf(
  fields: Fields,
  detailed: readonly PropertyChange[],
  replaces: readonly string[],
  dialect: Dialect,
): Verdict {
  const diffs = unique([...detailed.map((change) => change.property), ...replaces]);
  const forced = unique([
    ...detailed.filter((change) => change.replaces).map((change) => change.property),
    ...replaces,
  ]);
  const stables = namesWhere(fields, (field) => field.replaces === true).filter(
    (name) => !forced.includes(name),
  );
  return {
    changed: diffs.length > 0,
    diffs,
    replaces: forced,
    stables: dialect === "sdk" ? stables : [],
    detailed: dialect === "sdk" ? detailed : undefined,
  };
}

function lookUp<Entry>(table: Readonly<Record<string, Entry>>, what: string, token: string): Entry {
  const entry = Object.hasOwn(table, token) ? table[token] : undefined;
  if (entry !== undefined) return entry;
  const known = Object.keys(table).toSorted().join(", ");
  throw new Error(`The ${what} "${token}" is unknown to this plugin. It knows ${known}.`);
}

function withoutNulls(state: Properties): Properties {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null));
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}
