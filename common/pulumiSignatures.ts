/**
 * How Pulumi marks special values, in states, plans and the plugins' protocol.
 *
 * Source: pulumi/pulumi, sdk/go/common/resource (3.259).
 */

/** The key that says which kind of special value an object is. */
export const signatureKey = "4dabf18193072939515e22adb298388d";

/** The kind of an object that holds a secret. */
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** What stands for a text that is not known yet. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
