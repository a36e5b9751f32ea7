import { pulumiVersion } from "./pulumiVersion.ts";

/** An archive of Pulumi's CLI with its language hosts. */
export interface Archive {
  readonly url: string;
  /** SHA-256, hexadecimal. */
  readonly checksum: string;
}

/**
 * The checksums of {@link pulumiVersion}, by platform and processor as Pulumi's archives name them.
 * Source: Formula/pulumi.rb of github.com/pulumi/homebrew-tap, commit 51fb494.
 */
const checksums: Readonly<Record<string, string>> = {
  "darwin-arm64": "57c27f179e527e2cf9f62b841a448af72a020e44b2fb4ee0d9bd85556c00c864",
  "darwin-x64": "eaca4c3b8277bfa3ab061fa3b270d1c66358a0b2e613da8c5587a04b7226c534",
  "linux-arm64": "edc8327463a72160bb36cf82cf5062da9c8a244290a706d9980988e7bf486853",
  "linux-x64": "94ba357acac23d01474084c4b00098dc0f7bc70ce13f34c777459254a5f718e5",
};

/** Pulumi's archive for a platform, of which Node's names are the same; undefined where no checksum is known. */
export function archiveFor(platform: NodeJS.Platform, processor: string): Archive | undefined {
  const checksum = checksums[`${platform}-${processor}`];
  return checksum === undefined
    ? undefined
    : {
        url: `https://github.com/pulumi/pulumi/releases/download/v${pulumiVersion}/pulumi-v${pulumiVersion}-${platform}-${processor}.tar.gz`,
        checksum,
      };
}
