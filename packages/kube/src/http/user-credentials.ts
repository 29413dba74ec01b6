import { readFileSync } from "node:fs";
import path from "node:path";
import { ConfigError } from "@burgee/service-kit";
import type { Cluster, User } from "@kubernetes/client-node/dist/config_types.js";
import { ExecAuth } from "@kubernetes/client-node/dist/exec_auth.js";
import type { ClusterAccess, Credentials } from "./connection.ts";
import { tokenFileSource } from "./token-file.ts";

interface Surroundings {
  cluster: Cluster;
  /** Relative paths in a kubeconfig are relative to it. */
  directory: string;
  file: string;
}

type Source = Pick<ClusterAccess, "credentials" | "forget">;

/** Credentials of a kubeconfig user: client certificate, token, token file, password or exec plugin. */
export function userCredentials(user: User | undefined, o: Surroundings): Source {
  const ca = material(o, o.cluster.caFile, o.cluster.caData);
  const cert = material(o, user?.certFile, user?.certData);
  const key = material(o, user?.keyFile, user?.keyData);
  const dynamic = user === undefined ? undefined : dynamicSource(user, o);
  return {
    async credentials() {
      const found = await dynamic?.credentials();
      return {
        headers: { ...staticHeaders(user), ...found?.headers },
        tls: { ...tlsOf({ ca: ca(), cert: cert(), key: key() }), ...found?.tls },
      };
    },
    forget: () => dynamic?.forget(),
  };
}

function staticHeaders(user: User | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  if (user?.username) {
    headers.Authorization = `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`;
  }
  if (user?.token) headers.Authorization = `Bearer ${user.token.trim()}`;
  if (user?.impersonateUser) headers["Impersonate-User"] = user.impersonateUser;
  return headers;
}

/** Files are read again with every request's credentials, so rotated certificates are picked up. */
function material(o: Surroundings, file: string | undefined, data: string | undefined): () => Buffer | undefined {
  if (file) return () => readFileSync(path.resolve(o.directory, file));
  const decoded = data ? Buffer.from(data, "base64") : undefined;
  return () => decoded;
}

function dynamicSource(user: User, o: Surroundings): Source | undefined {
  if (user.exec) return execSource(user, o);
  const provider = authProvider(user);
  if (provider === undefined) return undefined;
  const tokenFile = provider.config.tokenFile;
  if (typeof tokenFile === "string") return tokenFileSource(path.resolve(o.directory, tokenFile));
  throw new ConfigError([
    `auth-provider of user ${user.name} in ${o.file} is ${provider.name}, which Kubernetes removed in 1.26; expected an exec plugin`,
  ]);
}

function authProvider(user: User): { name: string; config: Record<string, unknown> } | undefined {
  const provider: unknown = user.authProvider;
  if (typeof provider !== "object" || provider === null) return undefined;
  const { name, config }: { name?: unknown; config?: unknown } = provider;
  return { name: String(name), config: typeof config === "object" && config !== null ? { ...config } : {} };
}

function execSource(user: User, o: Surroundings): Source {
  let auth = new ExecAuth();
  const withInfo: User = { ...user, exec: execSpec(user.exec, o) };
  let running: Promise<Credentials> | undefined;

  async function run(): Promise<Credentials> {
    const found: { headers: Record<string, string>; cert?: string; key?: string } = { headers: {} };
    await auth.applyAuthentication(withInfo, found);
    return { headers: found.headers, tls: tlsOf(found) };
  }
  return {
    /** Requests that start together share one run of the plugin. */
    credentials() {
      running ??= run().finally(() => {
        running = undefined;
      });
      return running;
    },
    forget() {
      auth = new ExecAuth();
    },
  };
}

/** The plugin's command resolved as kubectl does, told about us in KUBERNETES_EXEC_INFO (client-node leaves both out). */
function execSpec(exec: unknown, o: Surroundings): object {
  const spec: Record<string, unknown> = typeof exec === "object" && exec !== null ? { ...exec } : {};
  const { command, env, provideClusterInfo, apiVersion = "client.authentication.k8s.io/v1" } = spec;
  const { server, caData, skipTLSVerify } = o.cluster;
  const clusterInfo = { server, "certificate-authority-data": caData, "insecure-skip-tls-verify": skipTLSVerify };
  const info = {
    apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false, ...(provideClusterInfo === true && { cluster: clusterInfo }) },
  };
  return {
    ...spec,
    command: typeof command === "string" && command.includes("/") ? path.resolve(o.directory, command) : command,
    env: [...(Array.isArray(env) ? env : []), { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) }],
  };
}

function tlsOf(o: { ca?: Buffer | undefined; cert?: string | Buffer | undefined; key?: string | Buffer | undefined }) {
  const tls: Credentials["tls"] = {};
  if (o.ca !== undefined) tls.ca = o.ca;
  if (o.cert !== undefined) tls.cert = o.cert;
  if (o.key !== undefined) tls.key = o.key;
  return tls;
}
