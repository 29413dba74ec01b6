import { readFileSync } from "node:fs";
import path from "node:path";
import { ConfigError } from "@burgee/service-kit";
import {
  type Cluster,
  newClusters,
  newContexts,
  newUsers,
  type User,
} from "@kubernetes/client-node/dist/config_types.js";
import { parse } from "yaml";
import type { ClusterAccess } from "./connection.ts";
import { userCredentials } from "./user-credentials.ts";

/** Reads a kubeconfig file and takes one context of it. Throws ConfigError naming the entry that is missing or wrong. */
export function accessFromKubeconfig(file: string, context: string | undefined): ClusterAccess {
  const config = readKubeconfig(file);
  const name = context ?? config.currentContext;
  const chosen = config.contexts.find((c) => c.name === name);
  if (chosen === undefined) {
    const known = config.contexts.map((c) => c.name).join(", ") || "none";
    const field = context === undefined ? `current-context of ${file}` : "kubeContext";
    throw new ConfigError([`${field} is ${name ?? "not set"}, expected one of the contexts in ${file}: ${known}`]);
  }
  const cluster = config.clusters.find((c) => c.name === chosen.cluster);
  if (cluster === undefined) {
    throw new ConfigError([
      `context ${chosen.name} in ${file} names cluster ${chosen.cluster}, which the file does not have`,
    ]);
  }
  const user = config.users.find((u) => u.name === chosen.user);
  if (chosen.user !== undefined && user === undefined) {
    throw new ConfigError([
      `context ${chosen.name} in ${file} names user ${chosen.user}, which the file does not have`,
    ]);
  }
  return accessOf({ file, cluster, user });
}

function accessOf(o: { file: string; cluster: Cluster; user: User | undefined }): ClusterAccess {
  const { cluster, file } = o;
  if (cluster.proxyUrl !== undefined && !/^https?:/.test(cluster.proxyUrl)) {
    throw new ConfigError([
      `proxy-url of cluster ${cluster.name} in ${file} is ${cluster.proxyUrl}, expected http:// or https://`,
    ]);
  }
  const directory = path.dirname(path.resolve(file));
  const credentials = userCredentials(o.user, { directory, cluster, file });
  return {
    server: cluster.server,
    insecureSkipVerify: cluster.skipTLSVerify,
    ...(cluster.tlsServerName !== undefined && { serverName: cluster.tlsServerName }),
    ...(cluster.proxyUrl !== undefined && { proxyUrl: cluster.proxyUrl }),
    ...credentials,
  };
}

interface Kubeconfig {
  clusters: Cluster[];
  users: User[];
  contexts: { name: string; cluster: string; user: string | undefined }[];
  currentContext: string | undefined;
}

function readKubeconfig(file: string): Kubeconfig {
  const document = parseFile(file);
  try {
    const current = document["current-context"];
    return {
      clusters: newClusters(document.clusters),
      users: newUsers(usersWithTokenFiles(document.users)),
      contexts: newContexts(document.contexts),
      currentContext: typeof current === "string" && current !== "" ? current : undefined,
    };
  } catch (cause) {
    throw new ConfigError([`${file}: ${cause instanceof Error ? cause.message : String(cause)}`]);
  }
}

function parseFile(file: string): Record<string, unknown> {
  try {
    const document: unknown = parse(readFileSync(file, "utf8"));
    if (isRecord(document)) return document;
    throw new Error("it is not a mapping");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError([`kubeconfig is ${file}, expected a readable kubeconfig file: ${reason}`]);
  }
}

/** kubectl's `tokenFile` is re-read as it rotates; client-node knows that only as an auth provider. */
function usersWithTokenFiles(users: unknown): unknown {
  if (!Array.isArray(users)) return users;
  return users.map((entry: unknown) => {
    if (!isRecord(entry) || !isRecord(entry.user) || typeof entry.user.tokenFile !== "string") return entry;
    const { tokenFile, ...rest } = entry.user;
    return { ...entry, user: { ...rest, "auth-provider": { name: "tokenFile", config: { tokenFile } } } };
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Names of the contexts of a kubeconfig file. Throws ConfigError when it cannot be read. */
export function kubeconfigContexts(file: string): readonly string[] {
  return readKubeconfig(file).contexts.map(({ name }) => name);
}
