import * as v from "valibot";
import { childTypes } from "../../common/typeTokens.ts";
import { parseUrn } from "../../stack/urn.ts";
import { isUnknown } from "../../stack/values.ts";

/** A certificate that is to be put on an application. */
export interface PlannedCertificate {
  readonly name: string;
  /** In all, for one that the component makes; what is left of it, for one from elsewhere, NaN where that is secret. */
  readonly validityDays: number;
  /** Whether the component makes it; others may come from a certificate authority. */
  readonly selfSigned: boolean;
  /** Whether an update made it before, and could not put it on the application; its settings are fixed then. */
  readonly alreadyMade?: boolean;
  /** The application that it goes to; absent for one that is to be made. */
  readonly applicationObjectId?: string;
}

/** A resource as a plan has it. */
export interface PlannedResource {
  readonly urn: string;
  readonly type: string;
  readonly isCreated: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const CertificateInputs = v.object({ validityPeriodHours: v.number() });
const CredentialInputs = v.object({ endDate: v.string(), applicationId: v.optional(v.string()) });

/**
 * The certificates that a plan puts on applications: a made one and its key credential have one name and one parent.
 *
 * @param resources of every kind, those that stay the same among them.
 */
export function plannedCertificates(
  resources: readonly PlannedResource[],
  now: Date,
): readonly PlannedCertificate[] {
  const at = (type: string): ReadonlyMap<string, PlannedResource> =>
    new Map(resources.filter((one) => one.type === type).map((one) => [placeOf(one), one]));
  const [made, credentials] = [at(childTypes.selfSignedCert), at(childTypes.applicationCertificate)];
  return [...new Set([...made.keys(), ...credentials.keys()])].flatMap((place) =>
    plannedAt(made.get(place), credentials.get(place), now),
  );
}

function plannedAt(
  made: PlannedResource | undefined,
  credential: PlannedResource | undefined,
  now: Date,
): readonly PlannedCertificate[] {
  const created = [made, credential].find((one) => one?.isCreated);
  if (created === undefined) return [];
  const name = parseUrn(created.urn).name;
  const goesTo = credential && applicationOf(credential);
  if (made !== undefined) {
    const { validityPeriodHours } = v.parse(CertificateInputs, made.inputs);
    const alreadyMade = made.isCreated ? {} : { alreadyMade: true };
    return [{ name, validityDays: validityPeriodHours / 24, selfSigned: true, ...alreadyMade, ...goesTo }];
  }
  const { endDate } = v.parse(CredentialInputs, created.inputs);
  if (isUnknown(endDate)) return [];
  const validityDays = (Date.parse(endDate) - now.getTime()) / 86_400_000;
  return [{ name, validityDays, selfSigned: false, ...goesTo }];
}

function placeOf({ urn, type }: PlannedResource): string {
  return urn.replace(`$${type}::`, "::");
}

function applicationOf({ inputs }: PlannedResource): Pick<PlannedCertificate, "applicationObjectId"> {
  const [, id] = /^\/applications\/(.+)$/.exec(v.parse(CredentialInputs, inputs).applicationId ?? "") ?? [];
  return id === undefined ? {} : { applicationObjectId: id };
}
