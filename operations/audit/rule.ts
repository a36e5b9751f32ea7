import type * as v from "valibot";
import type { ApiError } from "../../graph/apiError.ts";
import type { GraphOutcome, GraphRead } from "../../graph/graphClient.ts";
import { all, mapped, one, withEach } from "../../graph/graphClient.ts";
import type { ApplicationObjects, Removal } from "../../graph/removal.ts";
import type { PublicComponent } from "../../stack/components.ts";
import type { ComponentRecord } from "../../stack/record.ts";
import type { Properties } from "../../stack/values.ts";
import type { Rule, Severity } from "../findings/finding.ts";
import type { OwnPolicy, TenantPolicy } from "../tenant/appManagementPolicy.ts";

/**
 * A kind of finding of `audit`: what is read for it and with which right, how an item is recognised, what removes one,
 * and what of a state declares one. A group of them is one file in rules/.
 */
export interface AuditRule extends Rule {
  readonly reads: readonly RuleRead[];
  /** What the component's own record declares, as keys. Where there is none yet, its resources do. */
  readonly recorded?: (record: ComponentRecord, component: PublicComponent) => readonly string[];
  /** What the record declares that need not be there, as keys: whether it is, something else looks at. */
  readonly tolerated?: (record: ComponentRecord, component: PublicComponent) => readonly string[];
  /** What `recorded` gives, in its order, in words. @default the key says it */
  readonly recordedNames?: (record: ComponentRecord) => readonly string[];
  /** What a resource of a state declares, as keys, by the last word of azuread's type. */
  readonly declaredBy?: Readonly<Record<string, Declares>>;
  /** The finding where something is declared and not in the tenant. @default that is none */
  readonly missing?: MissingRule;
  /** Whether it is a property with one value: compared with the value as declared, where the stack manages it. */
  readonly isProperty?: boolean;
  /** What such a property must be where the stack does not manage it. @default nothing is expected of it then */
  readonly unmanaged?: { readonly key: string; readonly remedy: string };
  /** What can be said without reading: of the certificate's own end, where there is one. */
  readonly states?: (validity: Validity, now: Date) => readonly ObservedItem[];
  /** What to do about an item that nothing removes. @default "pulumi up --refresh" */
  readonly otherRemedy?: string;
  /** Whether an item is one object with what is declared of it, which must not be removed with the rest. */
  readonly isShared?: (key: string, declared: ReadonlySet<string>) => boolean;
}

/** A finding of what is declared and not there. */
export interface MissingRule extends Rule {
  /** Whether a declared key is among what the rule reads. @default all are */
  readonly isRead?: (key: string, objects: ApplicationObjects) => boolean;
}

/** The keys that one resource declares. */
export type Declares = (resource: DeclaringResource, component: PublicComponent) => readonly string[];

/** A resource of a state. Reading a property that is sealed throws a `SealedValue`. */
export interface DeclaringResource {
  /** Outputs, and over them inputs: for ids, which the tenant gives. */
  readonly state: Properties;
  /** What the program asked for. */
  readonly wanted: Properties;
  /** Of the certificate that the component's own credential carries, lower-case hex; absent where it is not known. */
  readonly certificateSha256?: string;
}

/** The current certificate's validity, RFC 3339. */
export interface Validity {
  readonly notBefore: string;
  readonly notAfter: string;
}

/** Something that grants access, as it was found. */
export interface ObservedItem {
  /** Compared, in lower case, with what is declared. */
  readonly key: string;
  /** Other keys by which the same may be declared. */
  readonly aliases?: readonly string[];
  /** The keys of what Entra may have copied it from: where one of these is found or declared, it says nothing new. */
  readonly copyOf?: readonly string[];
  /** How a baseline names it. @default the key */
  readonly subject?: string;
  /** In words. */
  readonly found: string;
  /** Absent for what is a property, and where removing is not ours. */
  readonly removal?: Removal;
  /** @default the rule's */
  readonly severity?: Severity;
  /** What the finding says is declared. @default how many others are */
  readonly declared?: string;
  /** @default the removal's command, or the rule's `otherRemedy` */
  readonly remedy?: string;
}

/** What an answer says. */
export interface Observation {
  readonly items: readonly ObservedItem[];
  /** Why something of it could not be read although Graph answered. */
  readonly hidden?: { readonly reason: string; readonly denied: boolean; readonly optional?: boolean };
  /** What is worth knowing without being a finding. */
  readonly notes?: readonly string[];
  /** What locks the service principal, where nothing keeps credentials off it. */
  readonly lock?: Removal;
}

/** What an answer is looked at with. */
export interface RuleContext {
  readonly objects: ApplicationObjects;
  /** The services that the application may have permissions of, by their object IDs. */
  readonly resources: ReadonlyMap<string, ResourcePrincipal>;
  /** Why a service that the stack declares a permission of could not be looked up. */
  readonly unreadResource?: string;
  readonly policies: ReadPolicies;
  readonly now: Date;
  /** The cloud's Microsoft Graph, for commands, without a trailing slash. */
  readonly graphUrl: string;
}

/** The app management policies that may hold for the credentials of the two objects. */
export interface ReadPolicies {
  readonly tenant: GraphOutcome<TenantPolicy>;
  readonly application: GraphOutcome<readonly OwnPolicy[]>;
  readonly servicePrincipal: GraphOutcome<readonly OwnPolicy[]>;
}

/** The service principal of a service, with the permissions that it has. */
export interface ResourcePrincipal {
  readonly id: string;
  readonly appId: string;
  readonly displayName?: string | null | undefined;
  readonly appRoles: readonly { readonly id: string; readonly value?: string | null | undefined }[];
}

/** A part of what an audit reads. Rules that read the same part share one request. */
export interface Part {
  /** Names the part; the same for all that read it. */
  readonly name: string;
  /** Below the version, with its query but for `$select`. */
  readonly path: (objects: ApplicationObjects) => string;
  /** The application permission of Microsoft Graph that it takes. */
  readonly permission: string;
  /** The version of Graph that has it. @default "v1.0" */
  readonly version?: "beta";
  /** Whether the check goes without, and says so, where the right is missing. @default false: the run fails */
  readonly isOptional?: boolean;
  /** Whether Graph's metadata has it and its pages do not: a tenant that knows no such path has nothing there. */
  readonly mayBeUnserved?: boolean;
}

/** One read of a rule. */
export interface RuleRead extends Part {
  /** The properties that the rule needs; those of all rules make the part's `$select`. */
  readonly select: readonly string[];
  /** The read at a path, which answers with what can be said of it. */
  readonly at: (path: string) => GraphRead<Look>;
}

/** What an answer says, once it is known what to look at it with. */
export type Look = (context: RuleContext) => Observation;

/** How a read is looked at. */
export interface LookOptions<T> {
  readonly schema: v.GenericSchema<unknown, T>;
  /** @default none: every property */
  readonly select?: readonly string[];
}

/** Reads one object. */
export function readsOne<T>(
  part: Part,
  { schema, select = [] }: LookOptions<T>,
  look: (value: T, context: RuleContext) => Observation,
): RuleRead {
  return { ...part, select, at: (path) => looking(one(path, schema), part, look) };
}

/** Reads a collection, with all its pages. */
export function readsAll<T>(
  part: Part,
  { schema, select = [] }: LookOptions<T>,
  look: (values: readonly T[], context: RuleContext) => Observation,
): RuleRead {
  return { ...part, select, at: (path) => looking(all(path, schema), part, look) };
}

/**
 * Reads a collection as `readsAll`, and of its items a further one.
 *
 * @param further where that is; undefined for an item that has none, which is left out
 */
export function readsAllWith<T, U>(
  part: Part,
  { schema }: Pick<LookOptions<T>, "schema">,
  further: { readonly path: (item: T) => string | undefined; readonly schema: v.GenericSchema<unknown, U> },
  look: (values: readonly (readonly [T, readonly U[]])[], context: RuleContext) => Observation,
): RuleRead {
  const furtherOf = (item: T): GraphRead<readonly U[]> | undefined => {
    const path = further.path(item);
    return path === undefined ? undefined : all(path, further.schema);
  };
  return readsEach(part, { schema }, furtherOf, look);
}

/** As `readsAllWith`, where the further read is no plain collection. */
export function readsEach<T, U>(
  part: Part,
  { schema }: Pick<LookOptions<T>, "schema">,
  further: (item: T) => GraphRead<U> | undefined,
  look: (values: readonly (readonly [T, U])[], context: RuleContext) => Observation,
): RuleRead {
  const at = (path: string): GraphRead<Look> => looking(withEach(all(path, schema), further), part, look);
  return { ...part, select: [], at };
}

function looking<T>(
  read: GraphRead<T>,
  { version }: Part,
  look: (value: T, context: RuleContext) => Observation,
): GraphRead<Look> {
  const versioned = version === undefined ? read : { ...read, version };
  return mapped(versioned, (value) => (context: RuleContext) => look(value, context));
}

/** Why a read failed, in words, and whether a right is missing. */
export function failedRead(
  { message, failure: { status } }: ApiError,
  permission: string,
  isOptional = false,
): NonNullable<Observation["hidden"]> {
  const denied = status === 401 || status === 403;
  const reason = denied ? `${lacks(permission)} (${message})` : message;
  return { reason, denied, ...(isOptional && denied ? { optional: true } : {}) };
}

/** Why a part is not known where a right is missing. */
export function lacks(permission: string): string {
  return `the identity lacks the application permission ${permission} of Microsoft Graph`;
}
