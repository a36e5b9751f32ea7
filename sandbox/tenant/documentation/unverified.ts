import type { Unverified } from "./unverified/entry.ts";
import { unverifiedExchange } from "./unverified/exchange.ts";
import { unverifiedGraph } from "./unverified/graph.ts";
import { unverifiedKeyVault } from "./unverified/keyVault.ts";
import { unverifiedSignIn } from "./unverified/signIn.ts";

/** Everything that the sandbox's tenant does without a source of Microsoft that confirms it. */
export const unverified: readonly Unverified[] = [
  ...unverifiedSignIn,
  ...unverifiedGraph,
  ...unverifiedExchange,
  ...unverifiedKeyVault,
];
