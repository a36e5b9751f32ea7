import { Failure } from "../common/failure.ts";
import type { Generation, PublicGeneration, StackComponent } from "./components.ts";

/** A component that has a certificate. */
export type CertifiedComponent<G extends PublicGeneration = Generation> = StackComponent<G> & {
  readonly generations: readonly [G, ...G[]];
};

/** Whether a component has a certificate. */
export function isCertified<G extends PublicGeneration>(
  component: StackComponent<G>,
): component is CertifiedComponent<G> {
  return component.generations.length > 0;
}

/** The component, which has a certificate. @throws Failure where it has none */
export function requireCertificate<G extends PublicGeneration>(
  component: StackComponent<G>,
): CertifiedComponent<G> {
  if (isCertified(component)) return component;
  throw new Failure(
    "EXO_AUTH_CERTIFICATE",
    `Component "${component.name}" has no certificate, because its jobs sign in with federated credentials. In such a job, use \`exo-auth verify --from-environment\` or \`exo-auth token --from-environment\`.`,
  );
}
