import { ApiError } from "../../graph/apiError.ts";
import { SignInError } from "../../graph/signInError.ts";
import { type KnownApplication, requireApplication } from "../tenant/applicationState.ts";
import type { TenantAccess } from "../tenant/tenantAccess.ts";

/**
 * Goes no further where an application was deleted. Whoever changes Exchange need not have a right to read Entra, and then
 * nobody looks.
 *
 * @throws Failure, ApiError
 */
export async function requireApplications<Known extends KnownApplication>(
  components: readonly Known[],
  open: (component: Known) => Promise<Pick<TenantAccess, "graph">>,
): Promise<void> {
  await Promise.all(
    components.map(async (component) => {
      try {
        const { graph } = await open(component);
        await requireApplication(graph, component, ["present", "blocked"]);
      } catch (error) {
        const mayNotLook =
          error instanceof SignInError || (error instanceof ApiError && error.failure.status === 403);
        if (!mayNotLook) throw error;
      }
    }),
  );
}
