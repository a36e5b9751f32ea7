import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

import { exportJWK, generateKeyPair, SignJWT } from "jose";

import { makeCertificateAuthority } from "../../../sandbox/tenant/certificateAuthority.ts";
import type { IssuerKeys } from "../../../sandbox/tenant/index.ts";

/** The audience that Entra's federated credentials expect. */
const audience = "api://AzureADTokenExchange";

/** Who vouches for the jobs of each platform. */
export const issuers = {
  github: "https://token.actions.githubusercontent.com",
  azure: "https://vstoken.dev.azure.com/7d5c1e0a-2b94-4f63-8a17-c06e3d9b5f21",
  gitlab: "https://gitlab.com",
  /** Of service connections that were made since November 2025. */
  entra: "https://login.microsoftonline.com/a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47/v2.0",
  cluster: "https://oidc.cluster.contoso.com/",
} as const;

/** A job of GitHub's, as far as its token's subject tells it. */
export interface GitHubSubject {
  /** As in `contoso/exchange`. */
  readonly repository: string;
  readonly environment: string;
  /**
   * The ids of owner and repository, which the subject of a repository names that was created, renamed or transferred
   * since 15 July 2026. @default an older repository, whose subject has names alone
   */
  readonly ids?: { readonly owner: number; readonly repository: number };
}

/** The subject of a job's token. Source: "Immutable subject claims for GitHub Actions OIDC tokens", GitHub's changelog of 2026-04-23. */
export function gitHubSubject({ repository, environment, ids }: GitHubSubject): string {
  const [owner = "", name = ""] = repository.split("/");
  const prefix = ids === undefined ? repository : `${owner}@${ids.owner}/${name}@${ids.repository}`;
  return `repo:${prefix}:environment:${environment}`;
}

/** The platforms' token services, on this machine. */
export interface TokenIssuer {
  /** For the tenant: how to check the tokens. */
  readonly issuerKeys: IssuerKeys;
  /** Whom to trust when asking for tokens. */
  readonly authorityPem: string;
  /** A token, as GitLab puts it into a job. */
  token(issuer: string, subject: string): Promise<string>;
  /** Where a job of GitHub's asks for its token, and with what. */
  forGitHub(subject: string): { readonly url: string; readonly requestToken: string };
  /**
   * Where a job of Azure's asks for the token of a service connection, each with its subject, and with what.
   *
   * @param issuer @default that of Azure DevOps
   */
  forAzure(
    subjects: Readonly<Record<string, string>>,
    issuer?: string,
  ): {
    readonly url: string;
    readonly accessToken: string;
  };
  close(): Promise<void>;
}

/** Starts it. */
export async function startTokenIssuer(): Promise<TokenIssuer> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const key = { ...(await exportJWK(publicKey)), kid: "1", alg: "RS256" };
  const authority = await makeCertificateAuthority();
  /** What each bearer may have, by what it asks for. */
  const grants = new Map<string, (request: IncomingMessage, url: URL) => Promise<unknown>>();
  const token = (issuer: string, subject: string): Promise<string> =>
    new SignJWT({})
      .setProtectedHeader({ alg: "RS256", kid: "1" })
      .setIssuer(issuer)
      .setSubject(subject)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime("10m")
      .sign(privateKey);

  const server = createServer({ key: authority.serverKeyPem, cert: authority.serverCertificatePem });
  server.on("request", async (request, response) => {
    const bearer = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
    const answer = await grants.get(bearer)?.(request, new URL(request.url ?? "", "https://localhost"));
    response.writeHead(answer === undefined ? 403 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? { message: "refused" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `https://localhost:${(server.address() as AddressInfo).port}`;
  return {
    issuerKeys: Object.fromEntries(Object.values(issuers).map((issuer) => [issuer, { keys: [key] }])),
    authorityPem: authority.certificatePem,
    token,
    forGitHub(subject) {
      const requestToken = randomUUID();
      grants.set(requestToken, async ({ method }, { searchParams }) =>
        method === "GET" && searchParams.get("audience") === audience
          ? { value: await token(issuers.github, subject) }
          : undefined,
      );
      return { url: `${base}/token?api-version=2.0`, requestToken };
    },
    forAzure(subjects, issuer = issuers.azure) {
      const accessToken = randomUUID();
      grants.set(accessToken, async ({ method }, { searchParams }) => {
        const subject = subjects[searchParams.get("serviceConnectionId") ?? ""];
        return method === "POST" && searchParams.get("api-version") === "7.1" && subject !== undefined
          ? { oidcToken: await token(issuer, subject) }
          : undefined;
      });
      return { url: `${base}/oidctoken`, accessToken };
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
