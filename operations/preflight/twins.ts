import * as v from "valibot";
import { Reference } from "../../graph/objects.ts";
import { type Marker, replaceMarkerCommand } from "../ownership/marker.ts";
import { provenance } from "../ownership/provenance.ts";
import type { CheckResult } from "./checkResult.ts";
import type { PlannedApplication } from "./plannedChanges.ts";

/** As `TenantApplication`, to read it. */
export const TenantApplication = v.object({
  id: v.string(),
  appId: Reference,
  displayName: v.nullish(v.string()),
  description: v.nullish(v.string()),
});

/** An application in the tenant, or in its recycle bin. */
export type TenantApplication = v.InferOutput<typeof TenantApplication>;

/** What is already there under the name of an application that is to be created. */
export function checkTwins(
  planned: PlannedApplication,
  existing: readonly TenantApplication[],
  deleted: readonly TenantApplication[],
): readonly CheckResult[] {
  const name = `"${planned.displayName}"`;
  const findings = [
    ...existing.map((twin) => existingTwin(twin, planned, name)),
    ...deleted.map((twin) => recycled(twin, name)),
  ];
  return [
    ...(planned.marker?.isUsed ? [usedMarker(planned.component, planned.marker)] : []),
    ...(findings.length > 0
      ? findings
      : [{ kind: "passed" as const, message: `no other application is called ${name}` }]),
  ];
}

function existingTwin(
  twin: TenantApplication,
  { own, marker }: PlannedApplication,
  name: string,
): CheckResult {
  const says = provenance(twin.description, own, marker);
  if (says === "marked" && marker?.isUsed === false) return orphaned(twin, name);
  return says === "other" ? sameName(twin, name) : unproven(twin, name);
}

function orphaned({ id, appId }: TenantApplication, name: string): CheckResult {
  return {
    kind: "obstacle",
    cause: "applicationOrphaned",
    message: `This stack made application ${name} (${appId}) before, and its state does not know it: an update was ended by force. The next one would make a second.`,
    remedy: `Run \`exo-auth repair\`, which takes application ${id} into the state where nobody else has a way into it.`,
  };
}

/** Anybody who may register an application can bring this about, so it stops nobody. */
function unproven({ appId }: TenantApplication, name: string): CheckResult {
  return {
    kind: "warning",
    cause: "unproven",
    message: `Application ${name} (${appId}) says in its description that this stack made it, and nothing proves that: release 0.1.0 made it, or somebody who may register applications wrote that. The update leaves it alone and makes its own.`,
    remedy: "See what hangs on it with `exo-auth repair`, and decide what becomes of it.",
  };
}

function usedMarker(component: string, marker: Marker): CheckResult {
  return {
    kind: "warning",
    cause: "markerUsed",
    message: `The marker of component "${component}" is public, since an application was known with it: should the update be ended by force, nobody could tell its application from one that somebody else made.`,
    remedy: `Run \`${replaceMarkerCommand(marker)}\` instead of \`pulumi up\`.`,
  };
}

function sameName({ appId }: TenantApplication, name: string): CheckResult {
  return {
    kind: "warning",
    cause: "sameName",
    message: `Another application is called ${name}: ${appId}.`,
    remedy: "Choose another `displayName`, or take that one over with `existingClientId`.",
  };
}

function recycled({ appId, id }: TenantApplication, name: string): CheckResult {
  return {
    kind: "warning",
    cause: "recycled",
    message: `A deleted application called ${name} (${appId}) is in the recycle bin for up to 30 days.`,
    remedy: `Restore it if its jobs are missed (\`POST /directory/deletedItems/${id}/restore\`); otherwise leave it.`,
  };
}
