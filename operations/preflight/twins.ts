import * as v from "valibot";
import type { Finding } from "./finding.ts";
import type { PlannedApplication } from "./plannedChanges.ts";

/** An application in the tenant, or in its recycle bin. */
export const ExistingApplication = v.object({
  id: v.string(),
  appId: v.string(),
  displayName: v.nullish(v.string()),
  description: v.nullish(v.string()),
});
type ExistingApplication = v.InferOutput<typeof ExistingApplication>;

/** What is already there under the name of an application that is to be created. */
export function checkTwins(
  planned: PlannedApplication,
  existing: readonly ExistingApplication[],
  deleted: readonly ExistingApplication[],
): readonly Finding[] {
  const name = `"${planned.displayName}"`;
  const isOurs = ({ description }: ExistingApplication): boolean =>
    planned.description !== undefined && description === planned.description;
  const findings = [
    ...existing.map((twin): Finding => (isOurs(twin) ? orphaned(twin, name) : sameName(twin, name))),
    ...deleted.map((twin) => recycled(twin, name)),
  ];
  return findings.length > 0
    ? findings
    : [{ kind: "passed", message: `no other application is called ${name}` }];
}

function orphaned({ id, appId }: ExistingApplication, name: string): Finding {
  return {
    kind: "obstacle",
    cause: "applicationOrphaned",
    message: `This stack made application ${name} (${appId}) before, and its state does not know it: an update was ended by force. The next one would make a second.`,
    remedy: `Run \`exo-auth repair\`, which takes application ${id} into the state or deletes it.`,
  };
}

function sameName({ appId }: ExistingApplication, name: string): Finding {
  return {
    kind: "warning",
    cause: "sameName",
    message: `Another application is called ${name}: ${appId}.`,
    remedy: "Choose another `displayName`, or take that one over with `existingClientId`.",
  };
}

function recycled({ appId, id }: ExistingApplication, name: string): Finding {
  return {
    kind: "warning",
    cause: "recycled",
    message: `A deleted application called ${name} (${appId}) is in the recycle bin for up to 30 days.`,
    remedy: `Restore it if its jobs are missed (\`POST /directory/deletedItems/${id}/restore\`); otherwise leave it.`,
  };
}
