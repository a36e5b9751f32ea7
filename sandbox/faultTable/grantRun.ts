import type { Endpoints } from "../../graph/endpoints.ts";
import type { ApplicationIdentity } from "../../graph/signIn.ts";
import { roleServices } from "../../operations/grant/declaredRoles.ts";
import { grant } from "../../operations/grant/grant.ts";
import type { ScriptSubject } from "../../operations/grant/grantScript.ts";
import { observeRoles } from "../../operations/grant/observedRoles.ts";
import { roleAccess } from "../../operations/grant/roleAccess.ts";
import { grantTimedRoles, type TimedRoleSubject } from "../../operations/timedRoles/grantTimedRoles.ts";
import { observeTimedRoles } from "../../operations/timedRoles/observedTimedRoles.ts";
import { openTimedRoles } from "../../operations/timedRoles/timedRoleAccess.ts";
import type { RequestMatcher, TenantServer } from "../tenant/index.ts";
import { matcherOf, rowsOf, titleOf } from "./requestRow.ts";

/** A component whose roles of Exchange and of Entra are granted in this process, as `exo-auth grant` does it. */
export interface GrantRun {
  /** Grants, or takes away, and returns what was changed. @throws Failure, ApiError, SignInError */
  readonly run: (options?: RunOptions) => Promise<readonly string[]>;
  /** Everything that the tenant gives to the job, as text. */
  readonly given: () => Promise<string>;
  /**
   * The requests of a run that nothing disturbs: each change, what is asked of Exchange first and last, and each other
   * request where it comes for the first time.
   */
  readonly requests: (options?: Omit<RunOptions, "note">) => Promise<readonly MetRequest[]>;
}

interface RunOptions {
  readonly remove?: boolean | undefined;
  /** As `--only`. @default both */
  readonly only?: "exchange" | "entra" | undefined;
  /** Told before each change. */
  readonly note?: (name: string) => void;
}

/** One request that a fault meets. */
export interface MetRequest {
  readonly name: string;
  readonly matcher: RequestMatcher;
  /** How many like it come before. */
  readonly skip: number;
}

/** Who grants what, and where. */
export interface GrantRunOptions {
  readonly server: TenantServer;
  readonly endpoints: Endpoints;
  readonly identity: ApplicationIdentity;
  readonly exchange: ScriptSubject;
  readonly entra: TimedRoleSubject;
}

const signal = new AbortController().signal;
const cmdlet: RequestMatcher = { method: "POST", path: /InvokeCommand/ };
const schedule: RequestMatcher = { method: "POST", path: /roleAssignmentScheduleRequests/ };

/** Exchange is asked at one path, in an order that differs where it reads. */
const invoke = "POST /adminapi/beta/{id}/InvokeCommand";
const assign = "POST /v1.0/roleManagement/directory/roleAssignmentScheduleRequests";

/** Prepares it. */
export function prepareGrantRun({ server, endpoints, identity, exchange, entra }: GrantRunOptions): GrantRun {
  // Tokens are kept for an identity's object: a run signs in for itself, as a command does.
  const newWay = () => ({ identity: { ...identity }, endpoints, signal, retryDelayMs: 1 });
  async function run({ remove = false, only, note = () => {} }: RunOptions = {}): Promise<readonly string[]> {
    const way = newWay();
    const options = {
      remove,
      apply: true,
      clientId: identity.clientId,
      // Enough for the one look again that a fault may take.
      waitMs: 1000,
      pause: () => Promise.resolve(),
      progress: () => {},
    };
    const timed = await grantTimedRoles({
      ...options,
      subjects: only === "exchange" ? [] : [entra],
      access: async (subject) => {
        const opened = await openTimedRoles(subject, way);
        return {
          ...opened,
          change: async (change) => {
            note(change.action);
            await opened.change(change);
          },
        };
      },
      now: () => server.clock.now().getTime(),
    });
    const { grants } = await grant({
      ...options,
      subjects: only === "entra" ? [] : [exchange],
      allowRoleManagement: false,
      access: (subject, service) => {
        const opened = roleAccess(subject, service, way);
        return {
          ...opened,
          run: async (command) => {
            note(command.cmdlet);
            await opened.run(command);
          },
        };
      },
    });
    return [...timed, ...grants].flatMap(({ steps }) => steps.map(({ title }) => title));
  }
  return {
    run,
    async given() {
      const way = newWay();
      const { graph } = await openTimedRoles(entra, way);
      const observed = await Promise.all([
        observeTimedRoles(graph, entra),
        ...roleServices.map((service) =>
          observeRoles(roleAccess(exchange, service, way).reader, service, exchange),
        ),
      ]);
      return JSON.stringify(observed, (_, value: unknown) =>
        Array.isArray(value) ? value.map((one) => JSON.stringify(one)).toSorted() : value,
      );
    },
    async requests(options = {}) {
      const count = ({ path, method }: RequestMatcher): number =>
        server.requests.filter((one) => one.method === method && path?.test(one.path) === true).length;
      const changes: MetRequest[] = [];
      server.clearRequests();
      await run({
        ...options,
        note(name) {
          const isEntra = name.startsWith("admin");
          const matcher = isEntra ? schedule : cmdlet;
          const title = `${isEntra ? assign : invoke}: ${name}`;
          changes.push({ name: numbered(title, changes), matcher, skip: count(matcher) });
        },
      });
      const others = rowsOf(server.requests)
        .filter((row) => row.occurrence === 0 && [invoke, assign].every((one) => one !== titleOf(row)))
        .map((row) => ({ name: titleOf(row), matcher: matcherOf(row), skip: 0 }));
      const asked = count(cmdlet);
      const ends = [
        { name: `${invoke}: the first`, matcher: cmdlet, skip: 0 },
        { name: `${invoke}: the last`, matcher: cmdlet, skip: asked - 1 },
      ];
      return [...others, ...(asked > 0 ? ends : []), ...changes];
    },
  };
}

function numbered(name: string, before: readonly MetRequest[]): string {
  return before.some((one) => one.name === name) ? `${name}, 2nd` : name;
}
