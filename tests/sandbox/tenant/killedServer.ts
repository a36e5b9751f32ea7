import { startTenantServer } from "../../../sandbox/tenant/index.ts";

/** A server in a process of its own, for a test that kills it. */
const [, , dataFile] = process.argv;
const server = await startTenantServer(dataFile === undefined ? {} : { dataFile });
process.send?.({ url: server.url, certificateAuthorityPem: server.certificateAuthorityPem });
