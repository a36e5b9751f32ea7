import { Cloud, clouds } from "../../../microsoft/clouds.ts";
import type { ReportProblem } from "../../problems.ts";
import { parse } from "../shape.ts";
import { issuerOf, subjectOf } from "./issuer.ts";
import { matching, type Trusted, type Unchecked } from "./trusted.ts";

/**
 * A service connection of Azure Pipelines. In the global cloud, give `issuer` and `subject`. In other clouds, the other
 * four make them.
 */
export interface AzurePipelinesConnection {
  /**
   * Exactly as the service connection shows it.
   *
   * @default - made from `organizationId`
   */
  readonly issuer?: string;
  /**
   * Exactly as the service connection shows it.
   *
   * @default - made from `organization`, `project` and `serviceConnection`
   */
  readonly subject?: string;
  /**
   * The name of the organization of Azure DevOps.
   *
   * @default - `issuer` and `subject` are given
   */
  readonly organization?: string;
  /**
   * The ID of the organization, a GUID.
   *
   * @default - `issuer` and `subject` are given
   */
  readonly organizationId?: string;
  /**
   * The name of the project.
   *
   * @default - `issuer` and `subject` are given
   */
  readonly project?: string;
  /**
   * The name of the service connection.
   *
   * @default - `issuer` and `subject` are given
   */
  readonly serviceConnection?: string;
}

/** Azure DevOps' own issuer. Source: Microsoft's page "Convert service connections". */
const ownIssuer = "https://vstoken.dev.azure.com/";

const parts = ["organization", "organizationId", "project", "serviceConnection"] as const;

/** What a job with a service connection sends; undefined after a reported problem. */
export function azurePipelinesTrust(
  args: Unchecked<AzurePipelinesConnection>,
  cloud: Cloud,
  path: string,
  report: ReportProblem,
): Trusted | undefined {
  const given = parts.filter((key) => args[key] !== undefined);
  if (given.length === 0) {
    const issuer = issuerOf(args.issuer, `${path}.issuer`, report);
    const subject = subjectOf(args.subject, `${path}.subject`, report);
    return issuer === undefined || subject === undefined ? undefined : { issuer, subject };
  }
  if (cloud === Cloud.Global || args.issuer !== undefined || args.subject !== undefined) {
    report(
      path,
      `cannot have ${given.join(", ")}${cloud === Cloud.Global ? ` in ${clouds[cloud].title}, where only Azure DevOps knows the subject` : " next to issuer and subject"}. Give \`issuer\` and \`subject\` alone, exactly as the service connection shows them.`,
    );
    return undefined;
  }
  return made(args, path, report);
}

function made(
  args: Unchecked<AzurePipelinesConnection>,
  path: string,
  report: ReportProblem,
): Trusted | undefined {
  const id = parse(OrganizationId, args.organizationId, `${path}.organizationId`, report);
  const organization = parse(Part, args.organization, `${path}.organization`, report);
  const project = parse(Part, args.project, `${path}.project`, report);
  const connection = parse(Part, args.serviceConnection, `${path}.serviceConnection`, report);
  if ([id, organization, project, connection].includes(undefined)) return undefined;
  return { issuer: `${ownIssuer}${id}`, subject: `sc://${organization}/${project}/${connection}` };
}

const OrganizationId = matching(
  /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
  "be the organization's ID, a GUID",
  "The issuer that the service connection shows ends in it.",
);
const Part = matching(
  /^[^\s*/]([^*/\n\r\t]*[^\s*/])?$/,
  "be a name without * and /",
  "Give it as Azure DevOps shows it.",
);

/** What to know of an issuer that ends; undefined of all others. Source: Microsoft's page "Convert service connections". */
export function endingIssuer({ issuer }: Trusted, cloud: Cloud): string | undefined {
  if (cloud !== Cloud.Global || !issuer.startsWith(ownIssuer)) return undefined;
  return "has the issuer of Azure DevOps, which ends on 2027-07-01. Convert the service connection, and add a credential with the issuer and the subject that it shows then.";
}
