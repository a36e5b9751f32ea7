import { appCertificateType } from "../../common/typeTokens.ts";
import type { PublicComponent } from "../../stack/components.ts";
import type { StackResource } from "../../stack/resource.ts";
import { SealedValue } from "../../stack/sealedValues.ts";
import { parseUrn, shortName } from "../../stack/urn.ts";
import { certificatesByKeyId } from "./certificatesByKeyId.ts";
import { ownResources } from "./ownResources.ts";
import type { Validity } from "./rule.ts";
import { rules } from "./rules.ts";
import { opened } from "./stateValues.ts";

/** What a stack declares of the access through one application. */
export interface DeclaredAccess extends Validity {
  /** By the id of the finding that each would be if it were not declared; compared in lower case. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
  /** Those of `keys` that the tenant must have: not what only waits for its deletion. */
  readonly expected: ReadonlyMap<string, ReadonlySet<string>>;
  /** Client ids of the services whose permissions the record names. */
  readonly resourceAppIds: readonly string[];
  /** Why what the component itself declares is not known; absent where it is. */
  readonly unknown?: string;
  /** What to know of where this comes from. */
  readonly notes: readonly string[];
}

/**
 * What a stack declares for a component: its own record, and every resource that Pulumi manages beside it, by its inputs.
 * What waits for its deletion until the next update counts, too.
 *
 * @param resources of the whole state
 * @throws SealedValue where something that decides is a secret, and the state was exported without these
 */
export function declaredAccess(
  resources: readonly StackResource[],
  component: PublicComponent,
): DeclaredAccess {
  const { record, name, generations } = component;
  if (record.kind === "sealed") throw new SealedValue(record.property, `component "${name}"`);
  const declared = new Declared();
  const own = ownResources(resources, name);
  const isOld = record.kind === "beforeUpgrade";
  const beside = new Set<string>();
  const certificates = certificatesByKeyId(resources);
  for (const resource of resources) {
    const isOwn = own.has(resource.urn);
    if (isOwn && !isOld && !isLeftover(resource, resources, component)) continue;
    const found = keysOf(resource, component, {
      byOutputs: isOwn && isOld,
      certificates: isOwn ? certificates : undefined,
    });
    for (const [id, keys] of found) declared.add(id, keys, !resource.delete && !(isOwn && !isOld));
    if (!isOwn && found.length > 0) beside.add(shortName(resource.urn));
  }
  if (record.kind === "known") {
    for (const { id, recorded } of rules) declared.add(id, recorded?.(record.record, component) ?? [], true);
  }
  const [{ certificateNotBefore: notBefore, certificateNotAfter: notAfter }] = generations;
  return {
    keys: declared.keys,
    expected: declared.expected,
    resourceAppIds:
      record.kind === "known"
        ? [...new Set(record.record.permissions.map(({ resourceAppId }) => resourceAppId))]
        : [],
    ...(record.kind === "unknown" ? { unknown: unfinished(component, record.missing) } : {}),
    notes: [...(isOld ? [beforeUpgrade] : []), ...besideNotes([...beside])],
    notBefore,
    notAfter,
  };
}

/** Keys by rule, and those among them that must be there. */
class Declared {
  readonly keys = new Map<string, Set<string>>();
  readonly expected = new Map<string, Set<string>>();

  add(id: string, keys: readonly string[], isExpected: boolean): void {
    if (keys.length === 0) return;
    this.keys.set(id, new Set([...(this.keys.get(id) ?? []), ...keys]));
    if (isExpected) this.expected.set(id, new Set([...(this.expected.get(id) ?? []), ...keys]));
  }
}

interface KeyOptions {
  /** Whether outputs go before inputs. */
  readonly byOutputs: boolean;
  /** The SHA-256 of the component's own certificates by key id. */
  readonly certificates: ReadonlyMap<string, string> | undefined;
}

function keysOf(
  { urn, type, inputs, outputs }: StackResource,
  component: PublicComponent,
  { byOutputs, certificates }: KeyOptions,
): readonly (readonly [string, readonly string[]])[] {
  const owner = `\`${shortName(urn)}\``;
  const all = byOutputs ? { ...inputs, ...outputs } : { ...outputs, ...inputs };
  const state = opened(all, owner);
  const sha256 = certificates?.get(String(all["keyId"]));
  const resource = {
    state,
    wanted: byOutputs ? state : opened(inputs, owner),
    ...(sha256 !== undefined && { certificateSha256: sha256 }),
  };
  const word = type.split(":").at(-1) ?? "";
  return rules
    .map(({ id, declaredBy }) => [id, declaredBy?.[word]?.(resource, component) ?? []] as const)
    .filter(([, keys]) => keys.length > 0);
}

/** Whether an own credential stands in no finished generation: it waits for its deletion, or its update was interrupted. */
function isLeftover(
  { type, parent = "", delete: isReplaced }: StackResource,
  resources: readonly StackResource[],
  { name, unfinished: names }: PublicComponent,
): boolean {
  if (!type.endsWith(":ApplicationCertificate")) return false;
  if (isReplaced) return true;
  const generation = resources.find(({ urn }) => urn === parent);
  if (generation?.type !== appCertificateType) return true;
  return names.includes(parseUrn(parent).name.slice(`${name}-cert-`.length));
}

function unfinished({ name }: PublicComponent, missing: string): string {
  return `What component "${name}" declares is not known, because the state lacks ${missing}: the last update did not finish. Run \`pulumi up\`.`;
}

const beforeUpgrade =
  "Release 0.1.0 wrote this state: what the component declares is as of before the upgrade, taken from azuread's resources, which `pulumi refresh` rewrites. Run `pulumi up` once.";

function besideNotes(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  return [
    `Declared as of the last refresh: ${names.toSorted().join(", ")}. \`exo-auth audit --against-program\` compares with what the program declares now.`,
  ];
}
