import { markdownTable } from "../../../common/markdownTable.ts";
import { commands } from "../exchange/commands.ts";
import { describedKinds } from "../faults/askedFault.ts";
import type { GraphRoute } from "../graph/route.ts";
import { graphRoutes } from "../graph/routes.ts";
import { unverified } from "./unverified.ts";

/**
 * `sandbox/docs/differences.md`: what the tenant answers, and where it is not the cloud, from the tables that it runs by.
 */
export function renderDifferences(): string {
  return `${[
    "# Where the sandbox's tenant differs from the cloud",
    "For people who want to know how far they can trust a result of the sandbox. `npm run docs` makes this page from the tenant's own tables.",
    ...principles(),
    "## What is believed and not confirmed",
    "[What is confirmed](../../docs/conformance.md) lists what runs in tenants of Microsoft's have shown about each. If you have a tenant, [you can run the same cases](conformance.md).",
    markdownTable(
      ["Area", "What the tenant does", "What is known"],
      unverified.map(({ area, behaviour, note }) => [area, behaviour, note]),
    ),
    "## Microsoft Graph",
    "Routes below `/v1.0` and `/beta`. One of the application permissions is enough. So is one of the directory roles that the tables in `sandbox/tenant/graph/routes/` name. Everything else answers 501 `NotImplemented` and says what is missing.",
    markdownTable(
      ["Route", "What it does", "Application permissions", "Query options", "Differences"],
      graphRoutes.filter(({ formOf }) => formOf === undefined).map(graphRow),
    ),
    "`POST /$batch` takes up to 20 requests and answers them one after the other. You can write `applications(appId='…')` and `servicePrincipals(appId='…')` instead of `/:id`.",
    "## Exchange",
    "The route is `POST /adminapi/beta/{tenant}/InvokeCommand`. The token's audience decides between Exchange Online and Security & Compliance. The tenant refuses other cmdlets and parameters, and names them.",
    markdownTable(
      ["Cmdlet", "Service", "Parameters", "Directory roles", "Management roles"],
      commands.map(({ name, services, parameters, roles, managementRoles }) => [
        `\`${name}\``,
        services.map((service) => serviceNames[service]).join(", "),
        codes(parameters),
        roles.join(", "),
        codes(managementRoles),
      ]),
    ),
    "## What the cloud does by itself, and the tenant on demand",
    markdownTable(["Control interface", "What it does"], controlRows),
    "Replication windows, late role claims, throttling, conflicts, lost answers and dropped connections happen only if a test or the control interface (`/sandbox/faults`) asks for them. Every later request sees a change at once. A token keeps the permissions and roles that it was issued with, as in the cloud.",
  ].join("\n\n")}\n`;
}

const serviceNames = {
  exchangeOnline: "Exchange Online",
  securityAndCompliance: "Security & Compliance",
};

/** What those outside the server's process can ask of it. */
const controlRows = [
  ["`GET /sandbox/requests`", "Lists what has been asked so far; `DELETE` forgets it."],
  ["`POST /sandbox/reset`", "Puts every tenant back to its seed."],
  ["`GET /sandbox/clock`", "Says what time it is for the tenants."],
  ["`POST /sandbox/clock`", "Sets it to `now`, or moves it by `advanceMs`."],
  [
    "`POST /sandbox/faults`",
    `Sets a fault for requests that fit \`method\`, \`path\` (a regular expression) and \`tenantId\`, \`times\` times. \`kind\` is one of ${describedKinds}. \`DELETE\` clears them all.`,
  ],
];

function principles(): readonly string[] {
  return [
    "## By design",
    [
      "- It listens on 127.0.0.1 only. It creates its certificate authority and its signing key at the start, and never writes them down.",
      "- One server holds several tenants. Sign-in and Exchange find the tenant by the path, and Graph by the token.",
      "- An unknown route, query option, property or value is an error that names it, and never an empty answer.",
      "- Sign-in knows the client credentials grant only: secrets, certificates (RS256, PS256) and federated assertions. The server gets issuers' keys when it starts, and does not fetch them.",
      "- Access tokens for Graph are for this server's own address or the cloud's. Those for Exchange have the cloud's audiences.",
      "- The tenant stores these, and they have no effect: `appRoleAssignmentRequired`, `managerApplications`, `requestSignatureVerification`, the definitions of policies about tokens and sign-in pages, and everything for the sign-in of users.",
      "- Custom security attributes need no definitions. They have their own rights, on top of the route's: `CustomSecAttributeAssignment.Read.All` and `CustomSecAttributeAssignment.ReadWrite.All`. Only service principals have them.",
      "- The restriction `trustedCertificateAuthority`, which Graph has in beta, refuses self-signed certificates. The tenant does not keep which authorities are trusted.",
      "- There are security groups only. Their members inherit directory roles, and nothing else. There is no audit log.",
      "- Lists are in the order in which objects were created. If a list changes while a client reads its pages, a page can miss an object.",
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
    `${route.title}${formsOf(route)}`,
    `${codes(route.permissions)}${also}${owners}`,
    codes(route.query ?? []),
    route.differences ?? "",
  ];
}

/** The other forms of a route, such as `/$count`. */
function formsOf(route: GraphRoute): string {
  const forms = graphRoutes
    .filter(({ formOf, versions }) => formOf === route.path && versions === route.versions)
    .map(({ path }) => path.slice(route.path.length));
  return forms.length === 0 ? "" : `. Also with ${codes([...new Set(forms)])}`;
}

function codes(values: readonly string[]): string {
  return values.map((value) => `\`${value}\``).join(", ");
}
