import { keySha256 } from "../../common/certificate.ts";
import { coalesced } from "../../graph/coalesced.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import type { KeyCredential, NamedObject, PasswordCredential } from "../../graph/objects.ts";
import type { Cloud } from "../../microsoft/clouds.ts";
import { failedRead } from "../audit/rule.ts";
import type { Finding } from "../findings/finding.ts";
import { readLastSignIn } from "../repair/readApplication.ts";
import { findCandidates, type Candidate } from "./candidates.ts";
import { type AdoptedSettings, declarationOf, withRights } from "./declaration.ts";
import { findingsOf } from "./findingsOf.ts";
import { type NotRead, withoutRepeats } from "./notRead.ts";
import { createApplicationReader, type FoundApplication } from "./readFound.ts";
import {
  type ExchangeRight,
  type OpenRoles,
  presentRights,
  readExchangeRights,
  rightFinding,
  rightText,
} from "./exchangeRights.ts";
import type { Undeclared } from "./undeclared.ts";
import { type UpdateLoss, updateLosses } from "./updateLosses.ts";

/** What `discover` found in one tenant. */
export interface DiscoverResult {
  readonly tenantId: string;
  /** By display name. */
  readonly applications: readonly DiscoveredApplication[];
  readonly notRead: readonly NotRead[];
}

/** An application that may act on Exchange. */
export interface DiscoveredApplication {
  readonly displayName: string;
  /** The client ID. */
  readonly appId: string;
  readonly servicePrincipalObjectId: string;
  /** Absent where the application is another tenant's, or could not be read. */
  readonly applicationObjectId?: string;
  /** What its description says of a stack that owns it, which anybody can have written; absent where nothing. */
  readonly describedAs?: string;
  /** What lets it act on Exchange, in words. */
  readonly access: readonly string[];
  readonly credentials: readonly DiscoveredCredential[];
  readonly owners: readonly DiscoveredOwner[];
  /** When somebody last signed in as it, RFC 3339; absent where no sign-in is recorded, or none could be read. */
  readonly lastSignIn?: string;
  /** What is wrong with it, by the rules of `exo-auth audit`. */
  readonly findings: readonly Finding[];
  /** How the component would declare it; absent where it cannot. */
  readonly declaration?: DiscoveredDeclaration;
}

/** How the component would declare an application. */
export interface DiscoveredDeclaration {
  /** The component's arguments, as a stack's settings have them. */
  readonly settings: AdoptedSettings;
  /** What an update would remove, empty or overwrite, if the component owned the application. */
  readonly losses: readonly UpdateLoss[];
  /** What an update would add to the tenant, in words. */
  readonly additions: readonly string[];
  /** What would stay in the tenant without being declared. */
  readonly undeclared: readonly Undeclared[];
}

/** Something that signs in as an application. */
export interface DiscoveredCredential {
  readonly kind: "certificate" | "secret" | "federated";
  readonly on: "application" | "servicePrincipal";
  /** The key ID; of a federated credential its name. */
  readonly id: string;
  /** Of a certificate: the SHA-256 of its DER, upper-case hex; absent where Graph did not give the bytes. */
  readonly sha256?: string;
  /** RFC 3339; absent for what has no end. */
  readonly ends?: string;
  readonly isExpired: boolean;
}

/** Somebody who owns one of the two objects, and so can add credentials. */
export interface DiscoveredOwner {
  readonly of: "application" | "servicePrincipal";
  readonly id: string;
  /** Absent where the identity may not read it. */
  readonly displayName?: string;
}

/** What `discover` is asked to do. */
export interface DiscoverOptions {
  readonly graph: GraphClient;
  /** Opens the services that have role groups of their own. */
  readonly openRoles: OpenRoles;
  readonly signal: AbortSignal;
  readonly tenantId: string;
  readonly cloud: Cloud;
  /** Whether permissions of Microsoft Graph that reach mailboxes count, too. */
  readonly mail: boolean;
  readonly now: Date;
  readonly progress: (text: string) => void;
}

/** Finds the applications of a tenant that may act on Exchange. Changes nothing. @throws ApiError, SignInError */
export async function discover(options: DiscoverOptions): Promise<DiscoverResult> {
  const { graph, tenantId, mail, openRoles, signal, progress } = options;
  progress("Looking for applications that may act on Exchange …");
  const [byEntra, read] = await Promise.all([
    findCandidates(graph, mail),
    readExchangeRights(openRoles, signal),
  ]);
  const byExchange = await presentRights(graph, read.rights);
  const candidates = withExchange(byEntra.candidates, byExchange.rights);
  const together = coalesced(graph);
  const reader = createApplicationReader(together);
  const applications: DiscoveredApplication[] = [];
  const unread: NotRead[] = [...byEntra.notRead, ...read.notRead, ...byExchange.notRead];
  for (let first = 0; first < candidates.length; first += atOnce) {
    const group = candidates.slice(first, first + atOnce);
    // oxlint-disable-next-line no-await-in-loop -- they share the budget of one tenant.
    const described = await Promise.all(
      group.map((candidate) => describe(candidate, reader, { ...options, graph: together })),
    );
    for (const { application, notRead: missing } of described) {
      applications.push(application);
      unread.push(...missing);
    }
  }
  return {
    tenantId,
    applications: applications.toSorted(byName),
    notRead: withoutRepeats(unread),
  };
}

/** How many applications are read together: as many as one request to Graph has room for. */
const atOnce = 20;

/** A service principal that may act on Exchange, with what it has there. */
interface Holder extends Candidate {
  readonly rights: readonly ExchangeRight[];
}

/** Each service principal once, no matter what lets it act on Exchange. */
function withExchange(candidates: readonly Candidate[], rights: readonly ExchangeRight[]): readonly Holder[] {
  const access = new Map(candidates.map((one) => [one.principalId.toLowerCase(), one.access]));
  const ids = new Set([...access.keys(), ...rights.map(({ principalId }) => principalId)]);
  return [...ids].map((principalId) => {
    const own = rights.filter((right) => right.principalId === principalId);
    return {
      principalId,
      access: [...(access.get(principalId) ?? []), ...own.map(rightText)],
      rights: own,
    };
  });
}

async function describe(
  { principalId, access, rights }: Holder,
  reader: ReturnType<typeof createApplicationReader>,
  { graph, tenantId, cloud, now, progress }: DiscoverOptions,
): Promise<{ readonly application: DiscoveredApplication; readonly notRead: readonly NotRead[] }> {
  const found = await reader.byPrincipal(principalId);
  const { application, servicePrincipal } = found;
  progress(`Reading ${servicePrincipal.displayName} …`);
  const declaration = declarationOf(found, { cloud, tenantId, isExisting: false, now });
  const { findings, unread } = await findingsOf(graph, found, declaration, cloud, now);
  const signIns = await readLastSignIn(graph, servicePrincipal.appId);
  const times = signIns.ok
    ? signIns.value.flatMap(({ lastSignInActivity }) => lastSignInActivity?.lastSignInDateTime ?? [])
    : [];
  const lastSignIn = times.toSorted().at(-1);
  const description = application?.description ?? "";
  return {
    application: {
      displayName: application?.displayName ?? servicePrincipal.displayName,
      appId: servicePrincipal.appId,
      servicePrincipalObjectId: servicePrincipal.id,
      ...(application !== undefined && { applicationObjectId: application.id }),
      ...(description.startsWith("exchange-auth ") && { describedAs: description }),
      access,
      credentials: credentialsOf(found, now),
      owners: [
        ...found.applicationOwners.map((owner) => ownerOf("application", owner)),
        ...found.principalOwners.map((owner) => ownerOf("servicePrincipal", owner)),
      ],
      ...(lastSignIn !== undefined && { lastSignIn }),
      findings: [...findings, ...rights.map(rightFinding)],
      ...(application !== undefined && {
        declaration: {
          ...withRights(declaration, rights),
          losses: updateLosses(found, declaration.settings),
        },
      }),
    },
    notRead: [
      ...found.notRead,
      ...unread.map(({ check, reason, denied, optional = false }) => ({
        what: check,
        reason,
        denied,
        ...(optional && { optional }),
      })),
      ...(signIns.ok
        ? []
        : [
            {
              what: "last sign-ins",
              ...failedRead(signIns.error, "AuditLog.Read.All", true),
              optional: true,
            },
          ]),
    ],
  };
}

function credentialsOf(found: FoundApplication, now: Date): readonly DiscoveredCredential[] {
  const { application, servicePrincipal, keyCredentials, federatedCredentials } = found;
  return [
    ...keyCredentials.map((one) => certificateOf("application", one, now)),
    ...servicePrincipal.keyCredentials.map((one) => certificateOf("servicePrincipal", one, now)),
    ...(application?.passwordCredentials ?? []).map((one) => secretOf("application", one, now)),
    ...servicePrincipal.passwordCredentials.map((one) => secretOf("servicePrincipal", one, now)),
    ...federatedCredentials.map(({ name }) => ({
      kind: "federated" as const,
      on: "application" as const,
      id: name,
      isExpired: false,
    })),
  ];
}

function certificateOf(
  on: DiscoveredCredential["on"],
  { keyId, key, endDateTime }: KeyCredential,
  now: Date,
): DiscoveredCredential {
  const sha256 = keySha256(key)?.toUpperCase();
  return {
    kind: "certificate",
    on,
    id: keyId,
    ...(sha256 !== undefined && { sha256 }),
    ...ending(endDateTime, now),
  };
}

function secretOf(
  on: DiscoveredCredential["on"],
  { keyId, endDateTime }: PasswordCredential,
  now: Date,
): DiscoveredCredential {
  return { kind: "secret", on, id: keyId, ...ending(endDateTime, now) };
}

function ending(
  ends: string | null | undefined,
  now: Date,
): Pick<DiscoveredCredential, "ends" | "isExpired"> {
  return ends ? { ends, isExpired: new Date(ends) <= now } : { isExpired: false };
}

function ownerOf(of: DiscoveredOwner["of"], { id, displayName }: NamedObject): DiscoveredOwner {
  return { of, id, ...(typeof displayName === "string" && { displayName }) };
}

function byName(a: DiscoveredApplication, b: DiscoveredApplication): number {
  return `${a.displayName} ${a.appId}`.localeCompare(`${b.displayName} ${b.appId}`);
}
