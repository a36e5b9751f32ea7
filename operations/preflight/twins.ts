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
    message: `This stack created application ${name} (${appId}) before, but its state does not know it, because an update was killed. The next update would create a second one.`,
    remedy: `Run \`exo-auth repair\`, which takes application ${id} into the state if nobody else has access to it.`,
  };
}

/** Anybody who may register an application can bring this about, so it stops nobody. */
function unproven({ appId }: TenantApplication, name: string): CheckResult {
  return {
    kind: "warning",
    cause: "unproven",
    message: `Application ${name} (${appId}) says in its description that this stack created it, but nothing proves that. Release 0.1.0 created it, or somebody who may register applications wrote that. The update leaves it alone and creates its own.`,
    remedy: "Run `exo-auth repair` to see what depends on it, and decide what to do with it.",
  };
}

function usedMarker(component: string, marker: Marker): CheckResult {
  return {
    kind: "warning",
    cause: "markerUsed",
    message: `The marker of component "${component}" is public, because an application was known with it. If the update is killed, nobody can tell its application from one that somebody else created.`,
    remedy: `Run \`${replaceMarkerCommand(marker)}\` instead of \`pulumi up\`.`,
  };
}

function sameName({ appId }: TenantApplication, name: string): CheckResult {
  return {
    kind: "warning",
    cause: "sameName",
    message: `Another application is called ${name}: ${appId}.`,
    remedy: "Choose another `displayName`, or use that application with `existingClientId`.",
  };
}

function recycled({ appId, id }: TenantApplication, name: string): CheckResult {
  return {
    kind: "warning",
    cause: "recycled",
    message: `A deleted application called ${name} (${appId}) is in the recycle bin for up to 30 days.`,
    remedy: `If its jobs are needed, restore it (\`POST /directory/deletedItems/${id}/restore\`). Otherwise, leave it.`,
  };
}
