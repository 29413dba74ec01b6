import type { KubeClient } from "@burgee/kube";
import { type Clock, ConfigError, type Logger, type Secret } from "@burgee/service-kit";
import type { Authenticator } from "./access.ts";
import { withHookToken } from "./hook-token.ts";
import { kubernetesReviews } from "./kubernetes-reviews.ts";
import { isLoopback, trustLoopback } from "./loopback.ts";
import { staticTokens } from "./static-tokens.ts";
import { readTokenFile, watchTokenFile } from "./token-file.ts";

export interface AuthenticationConfig {
  readonly auth: "kubernetes" | "tokens" | "none";
  readonly host: string;
  readonly tokenFile: string | undefined;
  readonly tokenAudiences: readonly string[];
  readonly hookToken: Secret | undefined;
}

/** Throws ConfigError when the settings do not go together or the token file cannot be used. */
export function checkAuthentication(config: Pick<AuthenticationConfig, "auth" | "host" | "tokenFile">): void {
  const { auth, host, tokenFile } = config;
  if (auth === "none" && !isLoopback(host))
    throw new ConfigError([
      `auth is none while host is ${JSON.stringify(host)}, expected host 127.0.0.1, ::1 or localhost`,
    ]);
  if (auth === "tokens") readTokenFile(tokenFileOf(tokenFile));
}

/** The configured way to tell callers apart. Throws ConfigError as {@link checkAuthentication} does. */
export function createAuthenticator(
  config: AuthenticationConfig,
  o: { client: KubeClient; log: Logger; clock: Clock },
): Authenticator {
  return withHookToken(config.hookToken, chosen(config, o));
}

function chosen(config: AuthenticationConfig, o: { client: KubeClient; log: Logger; clock: Clock }): Authenticator {
  if (config.auth === "kubernetes")
    return kubernetesReviews(o.client, { audiences: config.tokenAudiences, now: o.clock.now });
  checkAuthentication(config);
  if (config.auth === "none") return trustLoopback();
  return staticTokens(watchTokenFile(tokenFileOf(config.tokenFile), o.log));
}

function tokenFileOf(file: string | undefined): string {
  if (file !== undefined) return file;
  throw new ConfigError(["tokenFile is not set, expected the file with the tokens, because auth is tokens"]);
}
