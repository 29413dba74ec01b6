import type { KubeClient } from "@burgee/kube";
import { type Clock, ConfigError, type Logger, type Secret } from "@burgee/service-kit";
import type { Authenticator } from "./access.ts";
import { withHookToken } from "./hook-token.ts";
import { kubernetesReviews } from "./kubernetes-reviews.ts";
import { isLoopback, trustLoopback } from "./loopback.ts";
import { staticTokens } from "./static-tokens.ts";
import { watchTokenFile } from "./token-file.ts";

export interface AuthenticationConfig {
  readonly auth: "kubernetes" | "tokens" | "none";
  readonly host: string;
  readonly tokenFile: string | undefined;
  readonly tokenAudiences: readonly string[];
  readonly hookToken: Secret | undefined;
}

/** The configured way to tell callers apart. Throws ConfigError when the settings do not go together. */
export function createAuthenticator(
  config: AuthenticationConfig,
  o: { client: KubeClient; log: Logger; clock: Clock },
): Authenticator {
  return withHookToken(config.hookToken, chosen(config, o));
}

function chosen(config: AuthenticationConfig, o: { client: KubeClient; log: Logger; clock: Clock }): Authenticator {
  if (config.auth === "kubernetes")
    return kubernetesReviews(o.client, { audiences: config.tokenAudiences, now: o.clock.now });
  if (config.auth === "none") {
    if (isLoopback(config.host)) return trustLoopback();
    throw new ConfigError([
      `auth is none while host is ${JSON.stringify(config.host)}, expected host 127.0.0.1, ::1 or localhost`,
    ]);
  }
  if (config.tokenFile === undefined)
    throw new ConfigError(["tokenFile is not set, expected the file with the tokens, because auth is tokens"]);
  return staticTokens(watchTokenFile(config.tokenFile, o.log));
}
