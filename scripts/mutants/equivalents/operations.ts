import { forTypes, type Listed, noValue } from "./listed.ts";

export const equivalentsOfOperations: readonly Listed[] = [
  {
    file: "operations/adoption/adoptedGenerations.ts",
    reason: noValue,
    changes: [["{\n    return undefined;\n  }", "{}"]],
  },
  {
    file: "operations/audit/compareAccess.ts",
    reason: forTypes,
    changes: [["outcome === undefined", "false"]],
  },
  {
    file: "operations/audit/rules/certificateQuality.ts",
    reason: noValue,
    changes: [["{\n    return undefined;\n  }", "{}"]],
  },
  {
    file: "operations/audit/rules/lifetimes.ts",
    reason: "No number is as large as undefined.",
    changes: [["maximum !== undefined", "true"]],
  },
  {
    file: "operations/audit/stateValues.ts",
    reason: forTypes,
    changes: [['text(value).split("/").at(-1)?.toLowerCase', 'text(value).split("/").at(-1).toLowerCase']],
  },
  {
    file: "operations/audit/stateValues.ts",
    reason: "Rules read properties by their names, and never list them.",
    changes: [["true", "false"]],
  },
  {
    file: "operations/audit/rules/tokenLifetimes.ts",
    reason: "What is no text and looks like a time span fails at the next line, and counts as long, too.",
    changes: [['typeof value !== "string"', "false"]],
  },
  {
    file: "operations/drift/driftSections.ts",
    reason: "Two findings of one kind are about two things.",
    changes: [
      [
        "`${one.subject} ${one.id}` < `${other.subject} ${other.id}`",
        "`${one.subject} ${one.id}` <= `${other.subject} ${other.id}`",
      ],
    ],
  },
  {
    file: "operations/fleet/fleetChanges.ts",
    reason: forTypes,
    changes: [["failure?.code", "failure.code"]],
  },
  {
    file: "operations/fleet/fleetTenant.ts",
    reason: "No two documents have one stack.",
    changes: [["a.stack < b.stack", "a.stack <= b.stack"]],
  },
  {
    file: "operations/fleet/identityOfStack.ts",
    reason: "An environment's variable that is undefined is one that is not set.",
    changes: [["expectedTenantId !== undefined", "true"]],
  },
  {
    file: "operations/fleet/identityOfStack.ts",
    reason: forTypes,
    changes: [["value?.toLowerCase", "value.toLowerCase"]],
  },
  {
    file: "operations/grant/grantScript.ts",
    reason: "A service that knows nothing needs the cmdlets of the table alone.",
    changes: [["missing === undefined", "false"]],
  },
  {
    file: "operations/ownership/marker.ts",
    reason: forTypes,
    changes: [["marker === undefined", "false"]],
  },
  {
    file: "operations/preflight/exchangeRoles.ts",
    reason: "Without a state before, no step is the parent, and none declared anything.",
    changes: [["oldState !== undefined", "true"]],
  },
  {
    file: "operations/preflight/keysInState.ts",
    reason: "Only a step with a state afterwards is one of the generation's.",
    changes: [
      ["step.newState?.type", "step.newState.type"],
      ["child?.type", "child.type"],
    ],
  },
  {
    file: "operations/preflight/plannedCertificates.ts",
    reason: "azuread's IDs begin so, have no line breaks, and what is not known yet has no slash.",
    changes: [
      ["/^\\/applications\\/(.+)$/", "/\\/applications\\/(.+)$/"],
      ["/^\\/applications\\/(.+)$/", "/^\\/applications\\/(.+)/"],
    ],
  },
  {
    file: "operations/preflight/replacedCertificates.ts",
    reason: forTypes,
    changes: [
      ["newState?.outputs", "newState.outputs"],
      ["oldState?.outputs", "oldState.outputs"],
      ["newState?.parent", "newState.parent"],
      ["(oldState ?? newState)?.type", "(oldState ?? newState).type"],
    ],
  },
  {
    file: "operations/preflight/replacedCertificates.ts",
    reason: "What is no time is not before now either.",
    changes: [['typeof end !== "string"', "false"]],
  },
  {
    file: "operations/preflight/twins.ts",
    reason: "Without a marker, no description is one with the marker.",
    changes: [["marker?.isUsed", "marker.isUsed"]],
  },
  {
    file: "operations/repair/inspect.ts",
    reason: forTypes,
    changes: [["sha256 !== undefined", "true"]],
  },
  {
    file: "operations/verification/settledProblem.ts",
    reason: forTypes,
    changes: [["deployedAt !== undefined", "true"]],
  },
  {
    file: "operations/verification/signInProblem.ts",
    reason: "No other refusal says so.",
    changes: [["aadsts === 700027", "true"]],
  },
  {
    file: "operations/verification/signInProblem.ts",
    reason: "Entra does not refuse a clock that is right.",
    changes: [["offsetMs > 0", "offsetMs >= 0"]],
  },
];
