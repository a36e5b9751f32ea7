import * as pulumi from "@pulumi/pulumi";

type Debug = typeof pulumi.log.debug;

/** The function that stands in place of the SDK's; a process may load several copies of the SDK, each with its own. */
const careful = new WeakSet<Debug>();

/**
 * Keeps the engine's answers out of the SDK's debug messages.
 *
 * The SDK logs each answer as it is, with private keys in plain text, and the messages stand in `pulumi up --json`, in
 * event logs and in verbose logs (found with @pulumi/pulumi 3.270). What was asked, and whether it failed, stays.
 */
export function keepAnswersOutOfDebugMessages(): void {
  const { debug } = pulumi.log;
  if (careful.has(debug)) return;
  const withoutAnswers: Debug = (message, ...rest) =>
    debug(message.replace(/(\bRPC finished: .*?\bresp: ).*/s, "$1(left out)"), ...rest);
  careful.add(withoutAnswers);
  Object.assign(pulumi.log, { debug: withoutAnswers });
}
