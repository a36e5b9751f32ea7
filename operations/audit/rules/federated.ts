import { FederatedCredential } from "../../../graph/objects.ts";
import type { StackComponent } from "../../../stack/components.ts";
import { contentHash } from "../../findings/contentHash.ts";
import type { AuditRule, DeclaringResource, ObservedItem } from "../rule.ts";
import { readsAll } from "../rule.ts";
import { isSame, text, texts } from "../stateValues.ts";
import { applicationPath, principalPath, takenAway } from "./parts.ts";

/** Whose tokens the application trusts. */
export const federatedRules: readonly AuditRule[] = [
  {
    id: "EXO-AUDIT-FEDERATED-CREDENTIAL",
    title: "Federated identity credential on the application",
    severity: "critical",
    why: "A workload elsewhere can sign in as the application, without any secret that could be found.",
    source: "https://attack.mitre.org/techniques/T1098/001/",
    reads: [
      readsAll(
        {
          name: "federatedCredentials",
          path: (objects) => `${applicationPath(objects)}/federatedIdentityCredentials`,
          permission: "Application.Read.All",
          version: "beta",
        },
        { schema: FederatedCredential },
        (found, { objects }) => ({
          items: found.map((one) => item(one, applicationPath(objects))),
          notes: found.flatMap(environmentNote),
        }),
      ),
    ],
    missing: {
      id: "EXO-AUDIT-FEDERATED-CREDENTIAL-MISSING",
      title: "Declared federated identity credential that the application lacks",
      severity: "medium",
      why: `Its workload cannot sign in. ${takenAway}`,
      source: "https://learn.microsoft.com/graph/api/resources/federatedidentitycredential",
    },
    recorded: ({ federatedCredentials = [] }) =>
      federatedCredentials.map(({ issuer, subject, audience }) => keyOf(issuer, subject, [audience], "")),
    recordedNames: ({ federatedCredentials = [] }) =>
      federatedCredentials.map(({ name }) => `federated credential "${name}"`),
    declaredBy: {
      ApplicationFederatedIdentityCredential: declared,
      ApplicationFlexibleFederatedIdentityCredential: declared,
    },
  },
  {
    id: "EXO-AUDIT-SERVICE-PRINCIPAL-FEDERATED-CREDENTIAL",
    title: "Federated identity credential on the service principal",
    severity: "critical",
    why: "A workload elsewhere may sign in, unseen in the portal.",
    source: "https://learn.microsoft.com/graph/api/resources/federatedidentitycredential",
    reads: [
      readsAll(
        {
          name: "servicePrincipalFederatedCredentials",
          path: (objects) => `${principalPath(objects)}/federatedIdentityCredentials`,
          permission: "Application.Read.All",
          version: "beta",
          isOptional: true,
          mayBeUnserved: true,
        },
        { schema: FederatedCredential },
        (found, { objects }) => ({ items: found.map((one) => item(one, principalPath(objects))) }),
      ),
    ],
  },
];

function item(credential: FederatedCredential, holder: string): ObservedItem {
  const { id, name, issuer, subject, audiences, claimsMatchingExpression } = credential;
  const expression = claimsMatchingExpression?.value ?? "";
  const key = keyOf(issuer, subject ?? "", audiences, expression);
  const whom = subject ?? (expression === "" ? "everything that its expression matches" : expression);
  return {
    key,
    // Issuer, subject, audiences and expression can be changed under the id: that ends an acceptance.
    subject: `${id} ${key}`,
    found: `"${name}" for ${whom} of ${issuer}, audience ${audiences.join(", ") || "none"}, id ${id}`,
    removal: { kind: "delete", path: `${holder}/federatedIdentityCredentials/${id}` },
  };
}

/** The rules of an environment are at its platform, which nobody asks. */
function environmentNote({ name, subject, issuer }: FederatedCredential): readonly string[] {
  const environment = /:environment:([^:]+)/.exec(subject ?? "")?.[1];
  if (environment === undefined) return [];
  return [
    `Federated credential "${name}" trusts the environment "${environment}" of ${issuer}. If no rule of the environment names its branches, a job of any branch can sign in.`,
  ];
}

function declared(
  { state, wanted }: DeclaringResource,
  { applicationObjectId }: StackComponent,
): readonly string[] {
  if (!isSame(state["applicationId"], applicationObjectId)) return [];
  const { audience } = wanted;
  return [
    keyOf(
      text(wanted["issuer"]),
      text(wanted["subject"]),
      audience === undefined ? texts(wanted["audiences"]) : [text(audience)],
      text(wanted["claimsMatchingExpression"]),
    ),
  ];
}

function keyOf(issuer: string, subject: string, audiences: readonly string[], expression: string): string {
  return contentHash([issuer, subject, audiences.toSorted(), expression]);
}
