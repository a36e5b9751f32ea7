import { markdownTable } from "../../../common/markdownTable.ts";
import { commands } from "../exchange/commands.ts";
import type { GraphRoute } from "../graph/route.ts";
import { graphRoutes } from "../graph/routes.ts";
import { unverified } from "./unverified.ts";

/**
 * `sandbox/docs/differences.md`: what the tenant answers, and where it is not the cloud, from the tables that it runs by.
 */
export function renderDifferences(): string {
  return `${[
    "# Where the sandbox's tenant is not the cloud",
    "`npm run docs` makes this page from the tenant's own tables.",
    ...principles(),
    "## What is believed, and not confirmed",
    markdownTable(
      ["Area", "What the tenant does", "What is known"],
      unverified.map(({ area, behaviour, note }) => [area, behaviour, note]),
    ),
    "## Microsoft Graph",
    "Routes below `/v1.0` and `/beta`. One of the application permissions suffices; so does one of the directory roles that the table in `sandbox/tenant/graph/routes/` names. Everything else answers 501 `NotImplemented` and says what is missing.",
    markdownTable(
      ["Route", "What it does", "Application permissions", "Query options", "Differences"],
      graphRoutes.map(graphRow),
    ),
    "`POST /$batch` takes up to 20 requests and answers them one after the other. `applications(appId='…')` and `servicePrincipals(appId='…')` stand for `/:id`.",
    "## Exchange",
    "`POST /adminapi/beta/{tenant}/InvokeCommand`; the audience of the token says whether Exchange Online or Security & Compliance is asked. Other cmdlets and parameters are refused by name.",
    markdownTable(
      ["Cmdlet", "Service", "Parameters", "Directory roles"],
      commands.map(({ name, service, parameters, roles }) => [
        `\`${name}\``,
        service === "exchangeOnline" ? "Exchange Online" : "Security & Compliance",
        codes(parameters),
        roles.join(", "),
      ]),
    ),
    "## What the cloud does by itself and the tenant on demand",
    markdownTable(["Control interface", "What it does"], controlRows),
    "Replication windows, role claims that come later, throttling, conflicts, lost answers and dropped connections happen only where a test or the control interface (`/sandbox/faults`) asks for them. A change is seen at once by every later request; a token keeps the permissions and roles that it was issued with, as in the cloud.",
  ].join("\n\n")}\n`;
}

/** What those outside the server's process can ask of it. */
const controlRows = [
  ["`GET /sandbox/requests`", "Lists what has been asked so far; `DELETE` forgets it."],
  ["`POST /sandbox/reset`", "Puts every tenant back to its seed."],
  ["`GET /sandbox/clock`", "Says what time it is for the tenants."],
  ["`POST /sandbox/clock`", "Sets it to `now`, or moves it by `advanceMs`."],
  [
    "`POST /sandbox/faults`",
    "Sets a fault for requests that fit `method`, `path` (a regular expression) and `tenantId`, `times` times. `kind` is " +
      "`refuse` (with `status`, and if wanted `code`, `message`, `retryAfter`, `rawBody`), `loseAnswer`, " +
      "`dropConnection`, or, with `ms`, `delay`, `lag` (new objects are not found), `lagClaims` (new permissions and " +
      "roles are in no token) or `conflict` (two quick writes to one application). `DELETE` clears them all.",
  ],
];

function principles(): readonly string[] {
  return [
    "## By design",
    [
      "- It listens on 127.0.0.1 only. Its certificate authority and its signing key are made at start and never written down.",
      "- One server holds several tenants: sign-in and Exchange find theirs by the path, Graph by the token.",
      "- Unknown routes, query options, properties and values are errors that name what is unknown, never empty answers.",
      "- Sign-in knows the client credentials grant only: secrets, certificates (RS256, PS256) and federated assertions. Issuers' keys are given to the server, not fetched.",
      "- Access tokens are for Graph at this server's own address or the cloud's; those for Exchange have the cloud's audiences.",
      "- Stored and without effect: `appRoleAssignmentRequired`, `managerApplications`, `requestSignatureVerification`, the definitions of token lifetime policies, whatever is for the sign-in of users.",
      "- Custom security attributes need no definitions, and have rights of their own besides the route's: `CustomSecAttributeAssignment.Read.All` and `CustomSecAttributeAssignment.ReadWrite.All`. Only service principals have them.",
      "- The restriction `trustedCertificateAuthority`, which Graph has in beta, refuses self-signed certificates; which authorities are trusted is not kept.",
      "- There are security groups only. Of what a group has, its members inherit directory roles alone. There is no audit log.",
      "- Lists are in the order in which objects were created; a page of a list that changes meanwhile may miss an object.",
    ].join("\n"),
  ];
}

function graphRow(route: GraphRoute): readonly string[] {
  const versions = route.versions?.length === 1 ? ` (${route.versions[0]} only)` : "";
  const owners =
    route.permissionsOfOwners === undefined
      ? ""
      : `; for what the caller owns ${codes(route.permissionsOfOwners)}`;
  const also = route.alsoRequires === undefined ? "" : `; and one of ${codes(route.alsoRequires)}`;
  return [
    `\`${route.method} ${route.path}\`${versions}`,
    route.title,
    `${codes(route.permissions)}${also}${owners}`,
    codes(route.query ?? []),
    route.differences ?? "",
  ];
}

function codes(values: readonly string[]): string {
  return values.map((value) => `\`${value}\``).join(", ");
}
