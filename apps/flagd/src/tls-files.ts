import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { ConfigError, messageOf } from "@burgee/service-kit";

/** A certificate and its key, as PEM. */
export interface TlsFiles {
  readonly cert: Uint8Array;
  readonly key: Uint8Array;
}

/** Only both files together switch TLS on, as upstream has it. Throws ConfigError naming what cannot be read or does not fit. */
export function readTlsFiles(config: {
  readonly serverCertPath: string;
  readonly serverKeyPath: string;
}): TlsFiles | undefined {
  const { serverCertPath, serverKeyPath } = config;
  if (serverCertPath === "" || serverKeyPath === "") return undefined;
  const problems: string[] = [];
  const cert = read("serverCertPath", serverCertPath, problems);
  const key = read("serverKeyPath", serverKeyPath, problems);
  if (cert === undefined || key === undefined) throw new ConfigError(problems);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new ConfigError([
      `serverCertPath is ${JSON.stringify(serverCertPath)} and serverKeyPath ${JSON.stringify(serverKeyPath)}, expected a PEM certificate and its key: ${messageOf(error)}`,
    ]);
  }
  return { cert, key };
}

function read(field: string, path: string, problems: string[]): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    problems.push(`${field} is ${JSON.stringify(path)}, expected a readable PEM file: ${messageOf(error)}`);
    return undefined;
  }
}
