import { createPipelineFromOptions, createPipelineRequest } from "@azure/core-rest-pipeline";
import * as v from "valibot";
import { Cloud, clouds } from "../microsoft/clouds.ts";
import { httpClient } from "./httpClient.ts";
import { readJson, refused, unreachable } from "./apiError.ts";

/** One service: where it is, and the scope that a token for it is asked for with. */
export interface ServiceEndpoint {
  /** Without a trailing slash. */
  readonly url: string;
  readonly scope: string;
}

/** Where one cloud's services are. */
export interface Endpoints {
  readonly cloud: Cloud;
  /** Where tokens come from, without a trailing slash. */
  readonly authorityHost: string;
  readonly graph: ServiceEndpoint;
  readonly exchangeOnline: ServiceEndpoint;
  readonly securityAndCompliance: ServiceEndpoint;
  /** Its host is what the names of vaults end in. */
  readonly keyVault: ServiceEndpoint;
  /** Whether the addresses come from a metadata document instead of Microsoft's documentation. */
  readonly custom: boolean;
}

/** The addresses that Microsoft documents for a cloud. */
export function cloudEndpoints(cloud: Cloud): Endpoints {
  const settings = clouds[cloud];
  return {
    cloud,
    authorityHost: settings.authorityHost,
    graph: { url: settings.graph, scope: `${settings.graph}/.default` },
    exchangeOnline: { url: settings.exchangeOnline, scope: `${settings.exchangeOnlineAudience}/.default` },
    securityAndCompliance: {
      url: settings.securityAndCompliance,
      scope: `${settings.securityAndComplianceAudience}/.default`,
    },
    keyVault: { url: settings.keyVault, scope: `${settings.keyVault}/.default` },
    custom: false,
  };
}

/**
 * The addresses for a cloud: those of the metadata document at `ARM_METADATA_HOSTNAME` where that is set, as for the
 * azuread provider, and Microsoft's own otherwise.
 *
 * The document may say where `exchangeOnline`, `securityAndCompliance` and `keyVault` are; the audiences of tokens for
 * these stay the cloud's own.
 *
 * @throws ApiError where the document cannot be read.
 */
export async function resolveEndpoints(
  cloud: Cloud,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Endpoints> {
  const endpoints = cloudEndpoints(cloud);
  const host = env.ARM_METADATA_HOSTNAME;
  if (!host) return endpoints;
  const metadata = await metadataOf(host);
  const graph = withoutTrailingSlash(metadata.microsoftGraphResourceId);
  return {
    ...endpoints,
    authorityHost: withoutTrailingSlash(metadata.authentication.loginEndpoint),
    graph: { url: graph, scope: `${graph}/.default` },
    exchangeOnline: at(endpoints.exchangeOnline, metadata.exchangeOnline),
    securityAndCompliance: at(endpoints.securityAndCompliance, metadata.securityAndCompliance),
    keyVault: at(endpoints.keyVault, metadata.keyVault),
    custom: true,
  };
}

/** The cloud that a value of the azuread provider's `environment` (`ARM_ENVIRONMENT`) means; undefined for unknown ones. */
export function cloudOfEnvironment(environment: string): Cloud | undefined {
  return Object.values(Cloud).find((cloud) =>
    clouds[cloud].azureadEnvironments.includes(environment.toLowerCase()),
  );
}

const Metadata = v.object({
  authentication: v.object({ loginEndpoint: v.string() }),
  microsoftGraphResourceId: v.string(),
  exchangeOnline: v.optional(v.string()),
  securityAndCompliance: v.optional(v.string()),
  keyVault: v.optional(v.string()),
});

/** The document of a host, read once: it is the same for all of a fleet's tenants. */
function metadataOf(host: string): ReturnType<typeof readMetadata> {
  const known = documents.get(host) ?? readMetadata(host);
  documents.set(host, known);
  known.catch(() => documents.delete(host));
  return known;
}

const documents = new Map<string, ReturnType<typeof readMetadata>>();

async function readMetadata(host: string): Promise<v.InferOutput<typeof Metadata>> {
  const url = `https://${host}/metadata/endpoints?api-version=2022-09-01`;
  const service = `The metadata host "${host}"`;
  const response = await createPipelineFromOptions({})
    .sendRequest(httpClient, createPipelineRequest({ url }))
    .catch((error: unknown) => {
      throw unreachable(service, url, error);
    });
  if (response.status !== 200) throw refused(service, response);
  return readJson(service, response, Metadata);
}

function at(endpoint: ServiceEndpoint, url: string | undefined): ServiceEndpoint {
  return url === undefined ? endpoint : { ...endpoint, url: withoutTrailingSlash(url) };
}

function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
