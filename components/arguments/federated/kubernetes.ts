import type { ReportProblem } from "../../problems.ts";
import { parse } from "../shape.ts";
import { issuerOf } from "./issuer.ts";
import { matching, type Trusted, type Unchecked } from "./trusted.ts";

/** A pod of Kubernetes, by its service account. */
export interface KubernetesPod {
  /** The cluster's issuer, exactly as its tokens have it. AKS shows it as the OIDC issuer URL. */
  readonly issuer: string;
  /** The namespace of the service account. */
  readonly namespace: string;
  /** The name of the service account. */
  readonly serviceAccount: string;
}

/** What a pod of Kubernetes sends; undefined after a reported problem. */
export function kubernetesTrust(
  args: Unchecked<KubernetesPod>,
  path: string,
  report: ReportProblem,
): Trusted | undefined {
  const issuer = issuerOf(args.issuer, `${path}.issuer`, report);
  const namespace = parse(Label, args.namespace, `${path}.namespace`, report);
  const account = parse(DnsName, args.serviceAccount, `${path}.serviceAccount`, report);
  if (issuer === undefined || namespace === undefined || account === undefined) return undefined;
  return { issuer, subject: `system:serviceaccount:${namespace}:${account}` };
}

const Label = matching(
  /^[a-z\d]([-a-z\d]{0,61}[a-z\d])?$/,
  "be the name of a namespace",
  'Give a text such as "default".',
);
const DnsName = matching(
  /^[a-z\d]([-.a-z\d]{0,251}[a-z\d])?$/,
  "be the name of a service account",
  'Give a text such as "mail-reports".',
);
