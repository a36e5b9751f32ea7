import { appliedState, readState, withoutUnknowns } from "./appliedState.ts";
import { detailedDiff, type Change } from "./detailedDiff.ts";
import { checkArguments, checkInputs, type CheckedInputs } from "./inputs.ts";
import { ignoring, pick, planState } from "./plan.ts";
import { importInputs, refreshInputs } from "./readInputs.ts";
import {
  IncompleteError,
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
  readonly detailed: readonly Change[] | undefined;
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

/** What a plugin answers to the engine, apart from how it is sent. */
export type Plugin = ReturnType<typeof createPlugin>;

/** Makes a plugin out of its definition: all that the bridges to Terraform do alike for every type. */
export function createPlugin<Client>(definition: PluginDefinition<Client>) {
  const { dialect } = definition;
  let configured: { readonly client: Client } | undefined;

  const clientOf = (): Client => {
    if (configured !== undefined) return configured.client;
    throw new Error(`The ${definition.name} plugin is not configured.`);
  };

  const planFor = (type: ResourceType<Client>, inputs: Properties, prior?: Properties): Plan => {
    const planned = planState(type.fields, inputs, prior, dialect);
    return type.plan?.(planned, inputs, prior) ?? { planned, replaces: [] };
  };

  const outputs = (id: Value, state: Properties, metadata: Properties): Properties => ({
    ...state,
    ...(dialect === "sdk" && { id }),
    ...metadata,
  });

  /** Does a change; what fails after the resource came to exist is an incomplete resource. */
  const apply = async (
    type: ResourceType<Client>,
    plan: Properties,
    known: { urn: string; id?: string; verb: string; own: OwnTimeout },
    change: (operation: Operation<Client>, planned: Properties) => Promise<Properties | undefined>,
  ): Promise<State & { id: string }> => {
    let { id } = known;
    let learnt: Properties = {};
    const operation = {
      client: clientOf(),
      timeout: timeoutOf(type.timeouts, known.own),
      setId: (value: string) => (id = value),
      learn: (state: Properties) => (learnt = state),
    };
    const metadata = stateMetadata(type, "state", known.own);
    const planned = withoutUnknowns(plan);
    try {
      const changed = await change(operation, planned);
      if (changed === undefined) throw new VanishedError(known.urn);
      const state = appliedState(type.fields, changed, plan);
      if (id === undefined) throw new Error("expected non-empty ID for new state");
      return { id, properties: outputs(id, state, metadata), fields: type.fields };
    } catch (error) {
      if (error instanceof VanishedError) throw error;
      const message = wrap(error, dialect);
      if (id === undefined) throw new Error(message, { cause: error });
      const state = appliedState(type.fields, { ...planned, ...learnt }, plan);
      const properties = outputs(id, state, metadata);
      const text = `${known.verb} ${known.urn}: ${message}`;
      throw new IncompleteError(text, id, { properties, fields: type.fields }, error);
    }
  };

  return {
    dialect,
    name: definition.name,

    /** Checks the provider's own settings. */
    checkConfig(news: Properties): CheckedInputs {
      const { version: _version, pluginDownloadURL: _url, ...settings } = news;
      const { failures } = checkInputs("provider", definition.config, settings, {}, "framework");
      return { inputs: news, failures };
    },

    async configure(config: Properties): Promise<void> {
      configured = { client: await definition.configure(config) };
    },

    check(urn: string, news: Properties, olds: Properties): CheckedInputs & { fields: Fields } {
      const { fields } = typeOf(definition, urn);
      return { ...checkInputs(nameOf(urn), fields, news, olds, dialect), fields };
    },

    diff(urn: string, olds: Properties, news: Properties, ignored: readonly string[]): Verdict {
      const type = typeOf(definition, urn);
      const prior = pick(olds, type.fields);
      const { planned, replaces } = planFor(type, ignoring(news, prior, ignored), prior);
      const detailed = detailedDiff(type.fields, prior, planned, news);
      const diffs = unique([...detailed.map((change) => change.property), ...replaces]);
      const forced = unique([
        ...detailed.filter((change) => change.replaces).map((change) => change.property),
        ...replaces,
      ]);
      const stables = namesWhere(type.fields, (field) => field.replaces === true).filter(
        (name) => !forced.includes(name),
      );
      return {
        changed: diffs.length > 0,
        diffs,
        replaces: forced,
        stables: dialect === "sdk" ? stables : [],
        detailed: dialect === "sdk" ? detailed : undefined,
      };
    },

    async create(urn: string, inputs: Properties, options: ApplyOptions): Promise<State & { id: string }> {
      const type = typeOf(definition, urn);
      const own: OwnTimeout = { kind: "create", seconds: options.timeout };
      const { planned } = planFor(type, inputs);
      if (options.preview) {
        const metadata = stateMetadata(type, "plan", own);
        return { id: "", properties: outputs(unknown, planned, metadata), fields: type.fields };
      }
      return apply(type, planned, { urn, verb: "creating", own }, async (operation, known) =>
        type.create(operation, known),
      );
    },

    async read(urn: string, id: string, olds: Properties, inputs: Properties): Promise<Existing | undefined> {
      const type = typeOf(definition, urn);
      const isRefresh = Object.keys(olds).length > 0;
      if (!isRefresh && type.isId?.(id) === false) return undefined;
      const timeout = timeoutOf(type.timeouts, { kind: "read", seconds: 0 });
      const operation = { client: clientOf(), timeout, ...unheard };
      const prior = isRefresh ? pick(olds, type.fields) : {};
      const actual = await type.read(operation, id, prior).catch((error: unknown) => {
        const message = wrap(error, dialect);
        throw new Error(dialect === "sdk" ? `refreshing ${urn}: ${message}` : message, { cause: error });
      });
      if (actual === undefined) return undefined;
      const state = readState(type.fields, { ...prior, ...actual });
      const shown =
        dialect === "sdk"
          ? state
          : Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null));
      const ownId = dialect === "framework" && typeof state["id"] === "string" ? state["id"] : id;
      return {
        id: ownId,
        properties: outputs(ownId, state, stateMetadata(type, isRefresh ? "state" : "import")),
        inputs: isRefresh ? refreshInputs(inputs, shown) : importInputs(type.fields, shown, dialect),
        fields: type.fields,
      };
    },

    async update(
      urn: string,
      id: string,
      olds: Properties,
      news: Properties,
      options: ApplyOptions,
    ): Promise<State> {
      const type = typeOf(definition, urn);
      const own: OwnTimeout = { kind: "update", seconds: options.timeout };
      const prior = pick(olds, type.fields);
      const { planned } = planFor(type, ignoring(news, prior, options.ignored ?? []), prior);
      if (options.preview) {
        return { properties: outputs(id, planned, stateMetadata(type, "plan", own)), fields: type.fields };
      }
      return apply(type, planned, { urn, id, verb: "updating", own }, async (operation, known) => {
        return type.update === undefined ? known : type.update(operation, id, prior, known);
      });
    },

    async delete(urn: string, id: string, olds: Properties, seconds: number): Promise<void> {
      const type = typeOf(definition, urn);
      const timeout = timeoutOf(type.timeouts, { kind: "delete", seconds });
      const operation = { client: clientOf(), timeout, ...unheard };
      await type.delete?.(operation, id, pick(olds, type.fields)).catch((error: unknown) => {
        throw new Error(`deleting ${urn}: ${wrap(error, dialect)}`, { cause: error });
      });
    },

    async invoke(
      token: string,
      args: Properties,
    ): Promise<(State & { failures?: undefined }) | { failures: readonly string[] }> {
      const called = Object.hasOwn(definition.functions, token) ? definition.functions[token] : undefined;
      if (called === undefined) {
        throw new Error(
          `The function "${token}" is unknown to this plugin. It knows ${listed(definition.functions)}.`,
        );
      }
      const { inputs, failures } = checkArguments(called.inputs, args, called.exactlyOneOf ?? []);
      if (failures.length > 0) return { failures };
      const properties = await called.call(clientOf(), inputs).catch((error: unknown) => {
        throw new Error(`invoking ${token}: ${wrap(error, dialect)}`, { cause: error });
      });
      return { properties, fields: called.outputs };
    },
  };
}

/** What an operation that changes nothing says of the resource. */
const unheard = { setId: () => undefined, learn: () => undefined };

function typeOf<Client>(definition: PluginDefinition<Client>, urn: string): ResourceType<Client> {
  const token = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const type = Object.hasOwn(definition.resources, token) ? definition.resources[token] : undefined;
  if (type !== undefined) return type;
  throw new Error(
    `The resource type "${token}" is unknown to this plugin. It knows ${listed(definition.resources)}.`,
  );
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function listed(table: object): string {
  return Object.keys(table).toSorted().join(", ");
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}

/** A failure in the words of the bridge: the older one says how many there are. */
/** What was created is not found: the bridge says it so, and does not tell the engine the id. */
class VanishedError extends Error {
  constructor(urn: string) {
    super(`expected non-nil error with nil state during Create of ${urn}`);
  }
}

function wrap(error: unknown, dialect: PluginDefinition<unknown>["dialect"]): string {
  const message = error instanceof Error ? error.message : String(error);
  return dialect === "sdk" ? `1 error occurred:\n\t* ${message}\n\n` : message;
}
