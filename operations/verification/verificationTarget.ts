import type { CertificateFacts } from "../../common/certificate.ts";
import type { ApplicationIdentity } from "../../graph/signIn.ts";
import type { DeclaredTimedRole } from "../timedRoles/declaredTimedRoles.ts";
import type { OwnRoles } from "./cmdletsOf.ts";
import type { SignInTarget } from "./problem.ts";

/** A sign-in to try. */
export interface VerificationTarget {
  /** The component's name in its stack; absent for a certificate from elsewhere. */
  readonly component?: string;
  readonly signIn: SignInTarget;
  readonly identity: ApplicationIdentity;
  /** When the stack's last update ended, RFC 3339; absent where that says nothing about what is signed in with. */
  readonly deployedAt?: string;
  /** Absent where the identity signs in with something else. */
  readonly certificate?: CertificateFacts;
  /** Roles of Exchange itself that the component declares; absent where it declares none, or none is known. */
  readonly ownRoles?: OwnRoles;
  /** Roles that the component declares until a time; absent for a certificate from elsewhere. */
  readonly timedRoles?: readonly DeclaredTimedRole[];
  /** Whether the component opens Security & Compliance; absent where only the sign-in itself can tell. */
  readonly securityAndCompliance?: boolean;
}

/** An application that the options name, as a script would. */
export interface NamedApplication extends Pick<SignInTarget, "cloud" | "otherCloud"> {
  readonly appId: string;
  readonly organization: string;
}
