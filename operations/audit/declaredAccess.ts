import { appCertificateType, childTypes } from "../../common/typeTokens.ts";
import type { PublicComponent } from "../../stack/components.ts";
import type { ComponentRecord } from "../../stack/record.ts";
import type { StackResource } from "../../stack/resource.ts";
import { SealedValue } from "../../stack/sealedValues.ts";
import { shortName } from "../../stack/urn.ts";
import { ownCertificates } from "../ownership/ownCertificates.ts";
import { certificatesByKeyId } from "./certificatesByKeyId.ts";
import { ownResources } from "./ownResources.ts";
import type { Validity } from "./rule.ts";
import { rules } from "./rules.ts";
import { certificateKey, certificateRuleId } from "./rules/credentials.ts";
import { opened } from "./stateValues.ts";

/** What a stack declares of the access through one application. */
export interface DeclaredAccess extends Partial<Validity> {
  /** By the id of the finding that each would be if it were not declared; compared in lower case. */
  readonly keys: KeysByRule;
  /** Those of `keys` that the tenant must have, not what only waits for its deletion, each with what declares it. */
  readonly expected: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The stack's own, which its program does not declare: an update has yet to remove it, or to end with it. */
  readonly waiting: KeysByRule;
  /** What the record gives to users. */
  readonly userRoles: ComponentRecord["userRoles"];
  /** Client ids of the services whose permissions the record names. */
  readonly resourceAppIds: readonly string[];
  /** Why what the component itself declares is not known; absent where it is. */
  readonly unknown?: string;
  /** What to know of where this comes from. */
  readonly notes: readonly string[];
}

type KeysByRule = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * What a stack declares for a component: its own record, and every resource that Pulumi manages beside it, by its inputs.
 *
 * @param resources of the whole state, or as the program declares them
 * @param hidden in the latter case, the URNs of those of which the preview does not show everything; left out for a state
 * @throws SealedValue where something that decides is a secret, and the state was exported without these
 */
export function declaredAccess(
  resources: readonly StackResource[],
  component: PublicComponent,
  hidden?: ReadonlySet<string>,
): DeclaredAccess {
  const { record, name, generations } = component;
  if (record.kind === "sealed") throw new SealedValue(record.property, `component "${name}"`);
  const declared = new Declared();
  const own = ownResources(resources, name);
  const isOld = record.kind === "beforeUpgrade";
  const beside = new Beside();
  const certificates = certificatesByKeyId(resources);
  for (const resource of resources) {
    // What is only looked up stands in the state as the tenant has it.
    if (resource.external === true) continue;
    const isOwn = own.has(resource.urn);
    if (isOwn && !isOld && !fixedById.has(resource.type)) continue;
    const { found, byState } = keysOf(resource, component, {
      byOutputs: isOwn && isOld,
      certificates: isOwn ? certificates : undefined,
    });
    for (const [id, keys] of found) {
      if (isOwn && !isOld) declared.await(id, keys);
      else declared.add(id, keys, resource.delete ? undefined : shortName(resource.urn));
    }
    if (!isOwn && found.length > 0)
      beside.add(shortName(resource.urn), byState || hidden?.has(resource.urn) === true);
  }
  // Made by an update that was killed before the state had its credential: no refresh writes these.
  const made = ownCertificates(resources.filter(({ urn }) => own.has(urn)));
  declared.await(certificateRuleId, made.map(certificateKey));
  if (record.kind === "known") {
    const by = `component "${name}"`;
    for (const { id, recorded, recordedNames, tolerated } of rules) {
      declared.add(id, tolerated?.(record.record, component) ?? [], undefined);
      const names = recordedNames?.(record.record);
      for (const [index, key] of (recorded?.(record.record, component) ?? []).entries())
        declared.add(id, [key], names === undefined ? by : `${names[index]} of ${by}`);
    }
  }
  const [current] = generations;
  const known = record.kind === "known" ? record.record : undefined;
  return {
    keys: declared.keys,
    expected: declared.expected,
    waiting: declared.waiting,
    userRoles: known?.userRoles ?? [],
    resourceAppIds: [...new Set(known?.permissions.map(({ resourceAppId }) => resourceAppId))],
    ...(record.kind === "unknown" ? { unknown: unfinished(component, record.missing) } : {}),
    notes: [
      ...(isOld ? [beforeUpgrade] : []),
      ...(hidden === undefined
        ? asOfLastRefresh(beside.names)
        : asOfState([...certificatesOfState(resources, own, hidden), ...beside.byState])),
    ],
    ...(current && { notBefore: current.certificateNotBefore, notAfter: current.certificateNotAfter }),
  };
}

/** What no refresh can rewrite, since the tenant cannot change it under its id. */
const fixedById: ReadonlySet<string> = new Set([
  childTypes.applicationCertificate,
  childTypes.appRoleAssignment,
  childTypes.directoryRoleAssignment,
]);

/** Keys by rule. */
class Declared {
  readonly keys = new Map<string, Set<string>>();
  readonly expected = new Map<string, Map<string, string>>();
  readonly waiting = new Map<string, Set<string>>();

  /** @param by what declares them; left out where they only wait for their deletion */
  add(id: string, keys: readonly string[], by: string | undefined): void {
    if (keys.length === 0) return;
    this.keys.set(id, new Set([...(this.keys.get(id) ?? []), ...keys]));
    if (by === undefined) return;
    const named = keys.map((key) => [key, by] as const);
    this.expected.set(id, new Map([...named, ...(this.expected.get(id) ?? [])]));
  }

  await(id: string, keys: readonly string[]): void {
    this.waiting.set(id, new Set([...(this.waiting.get(id) ?? []), ...keys]));
  }
}

interface KeyOptions {
  /** Whether outputs go before inputs. */
  readonly byOutputs: boolean;
  /** The SHA-256 of the component's own certificates by key ID. */
  readonly certificates: ReadonlyMap<string, string> | undefined;
}

interface FoundKeys {
  readonly found: readonly (readonly [id: string, keys: readonly string[]])[];
  /** Whether something that is not among the inputs decided. */
  readonly byState: boolean;
}

function keysOf(
  { urn, type, inputs, outputs }: StackResource,
  component: PublicComponent,
  { byOutputs, certificates }: KeyOptions,
): FoundKeys {
  const owner = `\`${shortName(urn)}\``;
  const all = byOutputs ? { ...inputs, ...outputs } : { ...outputs, ...inputs };
  let byState = false;
  const state = opened(all, owner, (name) => (byState ||= !(name in inputs)));
  const sha256 = certificates?.get(String(all["keyId"]));
  const resource = {
    state,
    wanted: byOutputs ? state : opened(inputs, owner),
    ...(sha256 !== undefined && { certificateSha256: sha256 }),
  };
  const word = type.split(":").at(-1) ?? "";
  const found = rules
    .map(({ id, declaredBy }) => [id, declaredBy?.[word]?.(resource, component) ?? []] as const)
    .filter(([, keys]) => keys.length > 0);
  return { found, byState };
}

/** The resources beside the component that declare something. */
class Beside {
  readonly names = new Set<string>();
  /** Those of which the state decides, too. */
  readonly byState = new Set<string>();

  add(name: string, isByState: boolean): void {
    this.names.add(name);
    if (isByState) this.byState.add(name);
  }
}

/** The component's certificates of which the program does not say which they are. */
function certificatesOfState(
  resources: readonly StackResource[],
  own: ReadonlySet<string>,
  hidden: ReadonlySet<string>,
): readonly string[] {
  return resources
    .filter(({ urn, type }) => type === appCertificateType && own.has(urn) && hidden.has(urn))
    .map(({ urn }) => shortName(urn));
}

function unfinished({ name }: PublicComponent, missing: string): string {
  return `The state does not say what component "${name}" declares: it lacks ${missing}, because the last update did not finish. Run \`pulumi up\`.`;
}

const beforeUpgrade =
  "Release 0.1.0 wrote this state. So the audit takes what the component declares from azuread's resources, which `pulumi refresh` rewrites. Run `pulumi up` once.";

function asOfLastRefresh(names: ReadonlySet<string>): readonly string[] {
  if (names.size === 0) return [];
  return [
    `Declared as of the last refresh: ${[...names].toSorted().join(", ")}. \`exo-auth audit --against-program\` compares with what the program declares now.`,
  ];
}

function asOfState(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  return [`Declared as of the state, because a preview does not show it: ${names.toSorted().join(", ")}.`];
}
