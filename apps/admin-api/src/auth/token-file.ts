import { readFileSync, statSync } from "node:fs";
import { ConfigError, type Logger, messageOf } from "@burgee/service-kit";
import Type, { type Static } from "typebox";
import Value from "typebox/value";
import { parse } from "yaml";
import { oneOf } from "../one-of.ts";
import { roles } from "./access.ts";

const TokenFile = Type.Object(
  {
    tokens: Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1 }),
          role: oneOf(roles),
          sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
          namespaces: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
/** One entry of the token file. Without namespaces it counts in all of them. */
export type StaticToken = Static<typeof TokenFile>["tokens"][number];

/** Reads the file; throws ConfigError naming each wrong field (hashes are not shown). */
export function readTokenFile(file: string): StaticToken[] {
  const document = parseFile(file);
  if (Value.Check(TokenFile, document)) return document.tokens;
  const problems = [...Value.Errors(TokenFile, document)].map(
    (e) =>
      `${file}: ${e.instancePath.slice(1).replaceAll("/", ".") || "the file"} is wrong, expected it ${e.message.replace(/^must/, "to")}`,
  );
  throw new ConfigError([...new Set(problems)]);
}

function parseFile(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (err) {
    throw new ConfigError([`tokenFile is ${file}, expected a readable YAML or JSON file: ${messageOf(err)}`]);
  }
}

/** The tokens of the file, read again when it has changed. A change that is wrong is logged and the last good tokens stay. */
export function watchTokenFile(file: string, log: Logger): () => readonly StaticToken[] {
  let tokens = readTokenFile(file);
  let version = versionOf(file);
  return () => {
    const now = versionOf(file);
    if (now === version) return tokens;
    version = now;
    try {
      tokens = readTokenFile(file);
      log.info({ file, tokens: tokens.length }, "token file read again");
    } catch (err) {
      log.error({ file, err }, "token file is wrong, the tokens read before stay");
    }
    return tokens;
  };
}

/** Follows the symlink of a mounted Secret, whose swap is how it changes. */
function versionOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? "absent" : `${stat.ino}/${stat.mtimeMs}/${stat.size}`;
}
