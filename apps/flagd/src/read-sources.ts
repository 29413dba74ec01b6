import { parseSourceList, parseSourceUri, type SourceConfig } from "@burgee/flag-sync";
import { ConfigError, messageOf } from "@burgee/service-kit";

/** The sources in order: those of `--uri`, then those of `--sources`. Throws ConfigError with every problem. */
export function readSources(config: { readonly uri: readonly string[]; readonly sources: string }): SourceConfig[] {
  const problems: string[] = [];
  const attempt = (read: () => SourceConfig[]): SourceConfig[] => {
    try {
      return read();
    } catch (error) {
      problems.push(messageOf(error));
      return [];
    }
  };
  // Upstream splits FLAGD_URI at blanks, the flag at commas.
  const uris = config.uri.flatMap((uri) => uri.split(/\s+/)).filter((uri) => uri !== "");
  const fromUris = uris.flatMap((uri) => attempt(() => [parseSourceUri(uri)]));
  const fromList = config.sources === "" ? [] : attempt(() => parseSourceList(config.sources));
  if (problems.length === 0 && fromUris.length + fromList.length === 0) {
    problems.push("no sync implementation set: expected --uri, such as --uri file:flags.json, or --sources");
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return [...fromUris, ...fromList];
}
