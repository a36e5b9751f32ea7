import * as v from "valibot";

import { isGuid } from "../../common/guid.ts";
import type { ReportProblem } from "../problems.ts";
import { mustBe, parse } from "./shape.ts";

/** Arguments of the application that the component creates. */
const ownArguments = ["displayName", "notes", "tags", "owners"] as const;

const clientIdProblem = mustBe(
  "be a GUID",
  'Give the value that the application\'s page in Entra shows as "Application (client) ID".',
);
const ClientId = v.pipe(v.string(clientIdProblem), v.check(isGuid, clientIdProblem));

/** Checks `existingClientId`, and that nothing is set that only an application of the component's own has. */
export function resolveExistingClientId(
  args: Readonly<Partial<Record<"existingClientId" | (typeof ownArguments)[number], unknown>>>,
  report: ReportProblem,
): string | undefined {
  if (args.existingClientId === undefined) return undefined;
  const clientId = parse(ClientId, args.existingClientId, "existingClientId", report);
  for (const key of ownArguments) {
    if (args[key] === undefined) continue;
    report(key, "cannot be set on an existing application (`existingClientId`). Remove one of the two.");
  }
  return clientId;
}
