/** How long Microsoft's servers may not know what was made, in milliseconds: generously, as minutes are documented. */
export const replicationMs = 30 * 60_000;
