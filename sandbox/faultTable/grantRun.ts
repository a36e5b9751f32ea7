import type { Endpoints } from "../../../graph/endpoints.ts";
import type { ApplicationIdentity } from "../../../graph/signIn.ts";
import { roleServices } from "../../../operations/grant/declaredRoles.ts";
import { grant } from "../../../operations/grant/grant.ts";
import type { ScriptSubject } from "../../../operations/grant/grantScript.ts";
import { observeRoles } from "../../../operations/grant/observedRoles.ts";
import { roleAccess } from "../../../operations/grant/roleAccess.ts";
import { grantTimedRoles, type TimedRoleSubject } from "../../../operations/timedRoles/grantTimedRoles.ts";
import { observeTimedRoles } from "../../../operations/timedRoles/observedTimedRoles.ts";
import { openTimedRoles } from "../../../operations/timedRoles/timedRoleAccess.ts";
import type { RequestMatcher, TenantServer } from "../../../sandbox/tenant/index.ts";

/** A component whose roles of Exchange and of Entra are granted in this process, as `exo-auth grant` does it. */
export interface GrantRun {
  /** Grants, or takes away, and returns what was changed. @throws Failure, ApiError, SignInError */
  readonly run: (options?: RunOptions) => Promise<readonly string[]>;
  /** Everything that the tenant gives to the job, as text. */
  readonly given: () => Promise<string>;
  /** The requests of a run: each change, and what is asked of Exchange first and last. */
  readonly requests: () => Promise<readonly MetRequest[]>;
}

interface RunOptions {
  readonly remove?: boolean;
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

/** Prepares it. */
export function prepareGrantRun({ server, endpoints, identity, exchange, entra }: GrantRunOptions): GrantRun {
  const way = { identity, endpoints, signal, retryDelayMs: 1 };
  async function run({ remove = false, note = () => {} }: RunOptions = {}): Promise<readonly string[]> {
    const options = {
      remove,
      apply: true,
      clientId: identity.clientId,
      waitMs: 0,
      pause: () => Promise.resolve(),
      progress: () => {},
    };
    const timed = await grantTimedRoles({
      ...options,
      subjects: [entra],
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
      subjects: [exchange],
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
    async requests() {
      const count = ({ path, method }: RequestMatcher): number =>
        server.requests.filter((one) => one.method === method && path?.test(one.path) === true).length;
      const changes: MetRequest[] = [];
      server.clearRequests();
      await run({
        note(name) {
          const matcher = name.startsWith("admin") ? schedule : cmdlet;
          changes.push({ name, matcher, skip: count(matcher) });
        },
      });
      return [
        ...changes,
        { name: "the first cmdlet", matcher: cmdlet, skip: 0 },
        { name: "the last cmdlet", matcher: cmdlet, skip: count(cmdlet) - 1 },
      ];
    },
  };
}
