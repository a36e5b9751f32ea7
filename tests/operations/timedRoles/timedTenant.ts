import * as v from "valibot";
import { ApiError } from "../../../graph/apiError.ts";
import type { ApplicationIdentity } from "../../../graph/signIn.ts";
import { templateIdOf } from "../../../microsoft/roles.ts";
import {
  grantTimedRoles,
  type TimedRoleGrant,
  type TimedRoleOptions,
  type TimedRoleSubject,
} from "../../../operations/timedRoles/grantTimedRoles.ts";
import { openTimedRoles } from "../../../operations/timedRoles/timedRoleAccess.ts";
import { trySignIn } from "../../../operations/verification/trySignIn.ts";
import type { TestApplication, TestTenant } from "../../graph/testTenant.ts";
import { createApplication } from "../../graph/testTenant.ts";

/** The template id of the role that these tests give. */
export const administrator = templateIdOf("Exchange Administrator");

/** A job, and who gives it roles, in one tenant. */
export interface TimedTenant {
  readonly job: TestApplication;
  readonly subject: (
    timed: Readonly<Record<string, string>>,
    lasting?: readonly string[],
  ) => TimedRoleSubject;
  /** Runs `grant` for Entra's roles as the deploying identity. */
  readonly run: (
    subject: TimedRoleSubject,
    options?: Partial<TimedRoleOptions>,
  ) => Promise<TimedRoleGrant | undefined>;
  /** The job's active roles: name of the role's id to its end, `null` for none. */
  readonly roles: () => Promise<Readonly<Record<string, string | null>>>;
  /** Whether the job may run a cmdlet of Exchange now. */
  readonly works: () => Promise<boolean>;
  readonly now: () => number;
}

const Instances = v.object({
  value: v.array(v.object({ roleDefinitionId: v.string(), endDateTime: v.nullable(v.string()) })),
});

/** Makes both. */
export async function prepareTimedTenant(
  tenant: TestTenant,
  roles: readonly string[] = [],
): Promise<TimedTenant> {
  const job = await createApplication(tenant, { roles });
  const { endpoints, deployer, seed, server } = tenant;
  const now = (): number => server.clock.now().getTime();
  const access = (identity: ApplicationIdentity) => (one: TimedRoleSubject) =>
    openTimedRoles(one, {
      identity,
      endpoints,
      signal: new AbortController().signal,
      retryDelayMs: 1,
    });
  return {
    job,
    now,
    subject: (timed, lasting = []) => ({
      project: "exchange-auth",
      stack: "contoso",
      component: "exchange",
      appId: job.appId,
      servicePrincipalObjectId: job.servicePrincipalObjectId,
      cloud: "global",
      tenantId: seed.tenantId,
      tenantDomain: seed.initialDomain,
      declared: {
        timed: Object.entries(timed).map(([roleTemplateId, until]) => ({ roleTemplateId, until })),
        lasting,
      },
    }),
    async run(subject, options = {}) {
      const [grant] = await grantTimedRoles({
        subjects: [subject],
        remove: false,
        apply: true,
        clientId: seed.deployer.clientId,
        access: access(deployer),
        now,
        waitMs: 0,
        pause: () => Promise.resolve(),
        progress: () => {},
        ...options,
      });
      return grant;
    },
    async roles() {
      const path = `/roleManagement/directory/roleAssignmentScheduleInstances?$filter=principalId eq '${job.servicePrincipalObjectId}'`;
      const { value } = v.parse(Instances, await tenant.write("GET", path));
      return Object.fromEntries(
        value.map(({ roleDefinitionId, endDateTime }) => [roleDefinitionId, endDateTime]),
      );
    },
    async works() {
      try {
        const { problem } = await trySignIn({
          identity: job.identity,
          signIn: {
            clientId: job.appId,
            tenantId: seed.tenantId,
            tenantDomain: seed.initialDomain,
            cloud: "global",
            thumbprint: "",
          },
          endpoints,
          signal: new AbortController().signal,
          securityAndCompliance: false,
          retryDelayMs: 1,
        });
        return problem === undefined;
      } catch (error) {
        if (error instanceof ApiError) return false;
        throw error;
      }
    },
  };
}
