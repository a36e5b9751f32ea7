import { detailedDiff, type Change } from "./detailedDiff.ts";
import { checkInputs, type CheckedInputs } from "./inputs.ts";
import { orderSet, pick, planState } from "./plan.ts";
import { importInputs, refreshInputs } from "./readInputs.ts";
import {
  IncompleteError,
  type Operation,
  type Plan,
  type PluginDefinition,
  type ResourceType,
} from "./resource.ts";
import { fieldOf, namesWhere, type Fields } from "./schema.ts";
import { sameValue, unknown, type Properties, type Value } from "./values.ts";

/** A resource as the engine names it in a request. */
export interface Target {
  readonly urn: string;
}

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

/** State with the fields that say which of it is secret. */
export interface State {
  readonly properties: Properties;
  readonly fields: Fields;
}

/** A resource that exists. */
export interface Existing extends State {
  readonly id: string;
  readonly inputs: Properties;
}

/** What a plugin answers to the engine, apart from how it is sent. */
export type Plugin = ReturnType<typeof createPlugin>;

/** The key under which Terraform's older SDK keeps timeouts in a state (schema.TimeoutKey of its plugin SDK). */
const timeoutsKey = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0";

/** Makes a plugin out of its definition: everything that the two bridges do alike for every type. */
export function createPlugin<Client>(definition: PluginDefinition<Client>) {
  const { dialect } = definition;
  let configured: { readonly client: Client } | undefined;

  const clientOf = (): Client => {
    if (configured !== undefined) return configured.client;
    throw new Error(`The ${definition.name} plugin is not configured.`);
  };

  const typeOf = (target: Target): ResourceType<Client> => {
    const token = target.urn.split("::")[2]?.split("$").at(-1) ?? "";
    const type = Object.hasOwn(definition.resources, token) ? definition.resources[token] : undefined;
    if (type !== undefined) return type;
    throw new Error(
      `The resource type "${token}" is unknown to this plugin. It knows ${listed(definition.resources)}.`,
    );
  };

  const planFor = (type: ResourceType<Client>, inputs: Properties, prior: Properties | undefined): Plan => {
    const planned = planState(type.fields, inputs, prior, dialect);
    return type.plan?.(planned, prior) ?? { planned, replaces: [] };
  };

  const operate = (type: ResourceType<Client>, kind: keyof typeof defaultTimeouts, timeout: number) => {
    let id: string | undefined;
    const operation: Operation<Client> = {
      client: clientOf(),
      timeout: timeout > 0 ? timeout : (type.timeouts?.[kind] ?? defaultTimeouts[kind]),
      setId: (value) => (id = value),
    };
    return { operation, id: () => id };
  };

  const outputs = (id: Value, state: Properties, meta: Properties): Properties => ({
    ...state,
    ...(dialect === "sdk" && { id }),
    ...(Object.keys(meta).length > 0 && { __meta: JSON.stringify(meta) }),
  });

  const metaOf = (type: ResourceType<Client>, own: Timeout = {}): Properties => ({
    ...timeoutsMeta(type, own),
    ...(type.schemaVersion !== undefined && { schema_version: String(type.schemaVersion) }),
  });

  return {
    dialect,
    name: definition.name,

    /** Checks the provider's own settings. */
    checkConfig(news: Properties): CheckedInputs {
      const { version, pluginDownloadURL, ...settings } = news;
      const { failures } = checkInputs("provider", definition.config, settings, {}, "framework");
      return { inputs: { ...settings, ...present({ version, pluginDownloadURL }) }, failures };
    },

    async configure(config: Properties): Promise<void> {
      configured = { client: await definition.configure(config) };
    },

    check(target: Target, news: Properties, olds: Properties): CheckedInputs & { fields: Fields } {
      const { fields } = typeOf(target);
      return { ...checkInputs(nameOf(target), fields, news, olds, dialect), fields };
    },

    diff(target: Target, olds: Properties, news: Properties, ignored: readonly string[]): Verdict {
      const type = typeOf(target);
      const prior = pick(olds, type.fields);
      const { planned, replaces } = planFor(type, withIgnored(news, prior, ignored), prior);
      const detailed = detailedDiff(type.fields, prior, planned, news);
      const diffs = [...new Set(detailed.map((change) => change.property))];
      const replacing = detailed.filter((change) => change.replaces).map((change) => change.property);
      const forced = [...new Set([...replacing, ...replaces])].toSorted();
      const stables = namesWhere(type.fields, (field) => field.replaces === true).filter(
        (name) => !forced.includes(name),
      );
      return {
        changed: diffs.length > 0,
        diffs:
          dialect === "framework" && forced.length === 0
            ? diffs
            : [...new Set([...diffs, ...replaces])].toSorted(),
        replaces: forced,
        stables: dialect === "sdk" ? stables : [],
        detailed: dialect === "sdk" ? detailed : undefined,
      };
    },

    async create(
      target: Target,
      inputs: Properties,
      preview: boolean,
      timeout: number,
    ): Promise<State & { id: string }> {
      const type = typeOf(target);
      const { planned } = planFor(type, inputs, undefined);
      if (preview) {
        const meta =
          dialect === "sdk" ? { _new_extra_shim: {}, ...timeoutsMeta(type, custom("create", timeout)) } : {};
        return { id: "", properties: outputs(unknown, planned, meta), fields: type.fields };
      }
      const { operation, id } = operate(type, "create", timeout);
      const meta = metaOf(type, custom("create", timeout));
      const known = withoutUnknowns(planned);
      try {
        const state = settle(type.fields, await type.create(operation, known), planned);
        const created = id();
        if (created === undefined)
          throw new Error(`expected non-empty ID for new state during Create of ${target.urn}`);
        return { id: created, properties: outputs(created, state, meta), fields: type.fields };
      } catch (error) {
        const message = wrap(error, dialect);
        const created = id();
        if (created === undefined) throw new Error(message, { cause: error });
        const properties = outputs(created, known, meta);
        throw new IncompleteError(
          `creating ${target.urn}: ${message}`,
          created,
          properties,
          type.fields,
          error,
        );
      }
    },

    async read(
      target: Target,
      id: string,
      olds: Properties,
      inputs: Properties,
    ): Promise<Existing | undefined> {
      const type = typeOf(target);
      const refresh = Object.keys(olds).length > 0;
      if (!refresh) type.checkId?.(id);
      const { operation } = operate(type, "read", 0);
      const prior = refresh ? pick(olds, type.fields) : {};
      const actual = await type.read(operation, id, prior).catch((error: unknown) => {
        throw new Error(
          dialect === "sdk" ? `refreshing ${target.urn}: ${wrap(error, dialect)}` : wrap(error, dialect),
          { cause: error },
        );
      });
      if (actual === undefined) return undefined;
      const state = pick({ ...prior, ...ordered(type.fields, actual) }, type.fields);
      const properties = outputs(id, state, metaOf(type));
      const shown = dialect === "sdk" ? state : present(state);
      const newInputs = refresh ? refreshInputs(inputs, shown) : importInputs(type.fields, shown, dialect);
      return { id, properties, inputs: newInputs, fields: type.fields };
    },

    async update(
      target: Target,
      id: string,
      olds: Properties,
      news: Properties,
      options: UpdateOptions,
    ): Promise<State> {
      const type = typeOf(target);
      const prior = pick(olds, type.fields);
      const { planned } = planFor(type, withIgnored(news, prior, options.ignored), prior);
      const meta = metaOf(type, custom("update", options.timeout));
      if (options.preview) {
        const shim =
          dialect === "sdk"
            ? { _new_extra_shim: {}, ...timeoutsMeta(type, custom("update", options.timeout)) }
            : meta;
        return { properties: outputs(id, planned, shim), fields: type.fields };
      }
      const { operation } = operate(type, "update", options.timeout);
      const known = withoutUnknowns(planned);
      try {
        const updated = type.update === undefined ? known : await type.update(operation, id, prior, known);
        return { properties: outputs(id, settle(type.fields, updated, planned), meta), fields: type.fields };
      } catch (error) {
        const properties = outputs(id, known, meta);
        throw new IncompleteError(
          `updating ${target.urn}: ${wrap(error, dialect)}`,
          id,
          properties,
          type.fields,
          error,
        );
      }
    },

    async delete(target: Target, id: string, olds: Properties, timeout: number): Promise<void> {
      const type = typeOf(target);
      const { operation } = operate(type, "delete", timeout);
      await type.delete?.(operation, id, pick(olds, type.fields)).catch((error: unknown) => {
        throw new Error(`deleting ${target.urn}: ${wrap(error, dialect)}`, { cause: error });
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
      const { inputs, failures } = checkInputs(token, called.inputs, args, {}, "framework");
      if (failures.length > 0) return { failures };
      const properties = await called.call(clientOf(), inputs).catch((error: unknown) => {
        throw new Error(`invoking ${token}: ${wrap(error, dialect)}`, { cause: error });
      });
      return { properties, fields: called.outputs };
    },
  };
}

/** How an update is to be done. */
export interface UpdateOptions {
  readonly preview: boolean;
  /** Seconds, 0 for the type's own. */
  readonly timeout: number;
  /** Properties that the user wants ignored. */
  readonly ignored: readonly string[];
}

/** Seconds, as Terraform's older SDK has them where a type says nothing. */
const defaultTimeouts = { create: 1200, read: 1200, update: 1200, delete: 1200 };

const nameOf = (target: Target): string => target.urn.split("::").slice(3).join("::");
const listed = (table: object): string => Object.keys(table).toSorted().join(", ");

/** What the user set with `customTimeouts`, in seconds. */
type Timeout = Readonly<Record<string, number>>;

const custom = (kind: string, timeout: number): Timeout => (timeout > 0 ? { [kind]: timeout } : {});

function timeoutsMeta<Client>(type: ResourceType<Client>, own: Timeout): Properties {
  if (type.timeouts === undefined) return {};
  const seconds = Object.entries({ ...type.timeouts, ...own }).toSorted(([left], [right]) =>
    left < right ? -1 : 1,
  );
  return { [timeoutsKey]: Object.fromEntries(seconds.map(([kind, value]) => [kind, value * 1e9])) };
}

function present(properties: Record<string, Value | undefined>): Properties {
  const entries = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, value]],
  );
  return Object.fromEntries(entries);
}

/** The bridge hands a plugin what it planned, without what is not known yet. */
function withoutUnknowns(planned: Properties): Properties {
  return Object.fromEntries(
    Object.entries(planned).map(([name, value]) => [name, value === unknown ? null : value]),
  );
}

/** A collection that was not asked for and came back empty stays absent until the next refresh. */
function settle(fields: Fields, state: Properties, planned: Properties): Properties {
  const entries = Object.entries(pick(ordered(fields, state), fields)).map(([name, value]) => {
    const field = fieldOf(fields, name);
    const plain = field?.element !== undefined && field.element.kind !== "object";
    const empty = Array.isArray(value) && value.length === 0;
    return [name, plain && empty && planned[name] === null ? null : value];
  });
  return Object.fromEntries(entries);
}

function ordered(fields: Fields, state: Properties): Properties {
  const entries = Object.entries(state).map(([name, value]) => {
    return [name, fieldOf(fields, name)?.kind === "set" && Array.isArray(value) ? orderSet(value) : value];
  });
  return Object.fromEntries(entries);
}

function withIgnored(news: Properties, prior: Properties, ignored: readonly string[]): Properties {
  const result = { ...news };
  for (const path of ignored) {
    for (const name of path === "*" ? Object.keys(prior) : [path]) {
      const before = prior[name];
      if (before !== undefined && before !== null && !sameValue(before, news[name])) result[name] = before;
    }
  }
  return result;
}

function wrap(error: unknown, dialect: PluginDefinition<unknown>["dialect"]): string {
  const message = error instanceof Error ? error.message : String(error);
  return dialect === "sdk" ? `1 error occurred:\n\t* ${message}\n\n` : message;
}
