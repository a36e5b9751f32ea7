import { createDefaultHttpClient } from "@azure/core-rest-pipeline";

/** One for sign-ins and all services, whose connections are kept and shared. */
export const httpClient = createDefaultHttpClient();
