/** The package's version, which a test compares: neither Node nor TypeScript lets one file read package.json from source and build. */
export const version = "0.1.0";
