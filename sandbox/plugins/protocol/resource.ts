import type { Dialect } from "./dialect.ts";
import type { Fields } from "./schema.ts";
import type { Properties } from "./values.ts";

/** How long each operation may take, in seconds; the older bridge writes them into the state. */
export interface Timeouts {
  readonly create: number;
  readonly read: number;
  readonly update?: number;
  readonly delete: number;
}

/** One operation on one resource. */
export interface Operation<Client> {
  readonly client: Client;
  /** How long the operation may take, in seconds. */
  readonly timeout: number;
  /** Says that the resource exists: if the operation fails afterwards, the engine keeps the resource as incomplete. */
  readonly setId: (id: string) => void;
  /** Says what has been read so far: an incomplete resource has it, beside what was planned. */
  readonly learn: (state: Properties) => void;
}

/** Properties with the fields that say which of them are secret. */
export interface State {
  readonly properties: Properties;
  readonly fields: Fields;
}

/** A resource type: its properties, and what the plugin does for each operation. */
export interface ResourceType<Client> {
  readonly fields: Fields;
  /** The version of the state's layout, from 1; nothing where it never changed. */
  readonly schemaVersion?: number;
  /** Only the older bridge has them. */
  readonly timeouts?: Timeouts;
  /** Makes the plan follow rules of the type's own. Gets what the rules for every type make of the inputs. */
  plan?(planned: Properties, inputs: Properties, prior: Properties | undefined): Plan;
  /** Whether an id that is to be imported has the form of this type's. Default: every id has. */
  isId?(id: string): boolean;
  /** Creates the resource, calls `setId`, and returns the state; undefined if it is not found then. */
  create(operation: Operation<Client>, planned: Properties): Promise<Properties | undefined>;
  /** Returns what is really there; undefined if the resource is gone. `state` is empty at an import. */
  read(operation: Operation<Client>, id: string, state: Properties): Promise<Properties | undefined>;
  update?(
    operation: Operation<Client>,
    id: string,
    prior: Properties,
    planned: Properties,
  ): Promise<Properties>;
  delete?(operation: Operation<Client>, id: string, state: Properties): Promise<void>;
}

/** A plan, with properties that force a replacement though they are no inputs. */
export interface Plan {
  readonly planned: Properties;
  readonly replaces: readonly string[];
}

/** A function that a program invokes. */
export interface FunctionType<Client> {
  readonly inputs: Fields;
  readonly outputs: Fields;
  /** Arguments of which one must be given, and only one. */
  readonly exactlyOneOf?: readonly string[];
  call(client: Client, inputs: Properties): Promise<Properties>;
}

/** A plugin: how it is configured, its resource types and its functions by token. */
export interface PluginDefinition<Client> {
  readonly name: string;
  readonly dialect: Dialect;
  readonly resources: Readonly<Record<string, ResourceType<Client>>>;
  readonly functions: Readonly<Record<string, FunctionType<Client>>>;
  /** The settings that the provider takes. */
  readonly config: Fields;
  /** Gets ready for operations: signs in, for instance. Throws if the configuration does not do. */
  configure(config: Properties): Promise<Client>;
}

/** A failure as a plugin reports it: what went wrong, the reason given, and the attribute that is to blame. */
export class Diagnostic extends Error {
  constructor(summary: string, detail?: string, attribute?: string) {
    const text = detail === undefined ? summary : `${summary}: ${detail}`;
    super(attribute === undefined ? text : `[${attribute}] ${text}`);
    this.name = "Diagnostic";
  }
}

/** A failure after the resource came to exist: the engine keeps what there is and mends it with the next update. */
export class IncompleteError extends Error {
  readonly id: string;
  readonly state: State;

  constructor(message: string, id: string, state: State, cause: unknown) {
    super(message, { cause });
    this.name = "IncompleteError";
    this.id = id;
    this.state = state;
  }
}
