import manifest from "../package.json" with { type: "json" };

/** The version of Burgee: one for the whole repository, so this package's is everybody's. */
export const version: string = manifest.version;
