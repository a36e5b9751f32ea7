import { childTypes } from "../../common/typeTokens.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import { all } from "../../graph/graphClient.ts";
import { FederatedCredential } from "../../graph/objects.ts";
import type { PlanStep } from "../../stack/plan.ts";
import { textOf } from "../../stack/values.ts";
import { type CheckResult, notChecked } from "./checkResult.ts";

/** A federated credential that the next update adds to an application that exists. */
export interface PlannedFederatedCredential {
  /** The application's object ID. */
  readonly applicationId: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
}

/** How many an application may have. Source: Microsoft Graph, resource type federatedIdentityCredential. */
const maximumCount = 20;

/** The federated credentials that a plan adds to applications that exist. */
export function plannedFederatedCredentials(
  steps: readonly PlanStep[],
): readonly PlannedFederatedCredential[] {
  return steps.flatMap(({ op, newState }) => {
    if (newState?.type !== childTypes.federatedCredential || !op.startsWith("create")) return [];
    const { inputs } = newState;
    const applicationId = textOf(inputs, "applicationId")?.split("/").at(-1);
    const [name, issuer, subject] = ["displayName", "issuer", "subject"].map((key) => textOf(inputs, key));
    if (applicationId === undefined || name === undefined || issuer === undefined || subject === undefined)
      return [];
    return [{ applicationId, name, issuer, subject }];
  });
}

/** Whether Entra takes the planned federated credentials next to those that it has. Pulumi creates before it deletes. */
export async function checkFederatedCredentials(
  graph: GraphClient,
  planned: readonly PlannedFederatedCredential[],
): Promise<readonly CheckResult[]> {
  const applications = [...new Set(planned.map(({ applicationId }) => applicationId))];
  const checks = applications.map(async (id): Promise<readonly CheckResult[]> => {
    const path = `/applications/${id}/federatedIdentityCredentials`;
    const { existing } = await graph.batch<{ existing: readonly FederatedCredential[] }>({
      existing: all(path, FederatedCredential),
    });
    if (!existing.ok)
      return [notChecked("which federated credentials the application has", "Application.Read.All")];
    return compare(
      planned.filter(({ applicationId }) => applicationId === id),
      existing.value,
    );
  });
  return (await Promise.all(checks)).flat();
}

function compare(
  planned: readonly PlannedFederatedCredential[],
  existing: readonly FederatedCredential[],
): readonly CheckResult[] {
  const taken = planned.flatMap(({ name, issuer, subject }) =>
    existing
      .filter((one) => one.name === name || (one.issuer === issuer && one.subject === subject))
      .map((one): CheckResult => ({
        kind: "obstacle",
        cause: "federatedCredentialExists",
        message: `The application has the federated credential "${one.name}", and Entra takes no second one ${one.name === name ? "of this name" : `with this issuer and subject, such as "${name}"`}.`,
        remedy:
          "If the program has renamed or replaced it, first remove it in an update of its own. If the state does not know it, run `exo-auth repair`.",
      })),
  );
  const total = existing.length + planned.length;
  if (total <= maximumCount) return taken;
  return [
    ...taken,
    {
      kind: "obstacle",
      cause: "federatedCredentialsFull",
      message: `The application has ${existing.length} federated credentials, and the update adds ${planned.length}. Entra takes ${maximumCount}.`,
      remedy:
        "Remove some in an update of its own. `exo-auth audit` lists those that the stack does not declare.",
    },
  ];
}
