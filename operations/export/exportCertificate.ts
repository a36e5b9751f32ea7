import { connectExchangeOnline } from "../../components/connectCommands.ts";
import { requireCertificate } from "../../stack/certifiedComponent.ts";
import type { StackComponent } from "../../stack/components.ts";
import { certificateFiles } from "./certificateFiles.ts";
import { writeFiles } from "./writeFiles.ts";

/** What `export` wrote. */
export interface ExportResult {
  readonly component: string;
  /** The certificate's generation. */
  readonly generation: string;
  readonly thumbprint: string;
  /** When the certificate ends. */
  readonly notAfter: string;
  readonly appId: string;
  readonly tenantDomain: string;
  /** PowerShell that connects with the certificate in the Windows store, right for the tenant's cloud. */
  readonly connectExchangeOnline: string;
  /** Paths of the files that hold nothing secret. */
  readonly publicFiles: readonly string[];
  /** Paths of the files that only their owner may read; none where the key was made elsewhere. */
  readonly secretFiles: readonly string[];
  /** Those of them that others can read all the same, as the drive keeps no modes (exFAT). */
  readonly exposedFiles: readonly string[];
  /** Whether a role opens Security & Compliance. */
  readonly securityAndCompliance: boolean;
}

/** A component's name as a file's: a state can have any text for it, such as a path. */
function fileStem(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^[.-]+/, "") || "certificate";
}

/** Writes a component's current certificate into files that hosts and pipelines can use. @throws Failure */
export async function exportCertificate(
  component: StackComponent,
  folder: string,
  force: boolean,
): Promise<ExportResult> {
  const { name, appId, tenantDomain, cloud, connectIppsSession, generations } = requireCertificate(component);
  const [current] = generations;
  const { thumbprint } = current;
  const files = certificateFiles(current).map((file) => ({
    ...file,
    name: `${fileStem(name)}${file.extension}`,
  }));
  const { paths, exposed } = await writeFiles(folder, files, force);
  return {
    component: name,
    generation: current.generation,
    thumbprint,
    notAfter: current.certificateNotAfter,
    appId,
    tenantDomain,
    // The output of that name is text that a writer of the state chooses, and people paste this.
    connectExchangeOnline: connectExchangeOnline(cloud, { appId, thumbprint, tenantDomain }),
    publicFiles: paths.filter((_, index) => files[index]?.isSecret === false),
    secretFiles: paths.filter((_, index) => files[index]?.isSecret === true),
    exposedFiles: exposed,
    securityAndCompliance: connectIppsSession !== undefined,
  };
}
