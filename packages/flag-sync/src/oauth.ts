import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Dialer } from "@burgee/service-kit";
import { parseJson, redactUrl } from "@burgee/service-kit";
import { FlagSyncError } from "./flag-sync-error.ts";
import type { OAuthConfig } from "./source.ts";

/** Access tokens by client credentials. */
export interface Tokens {
  /** The value of the header Authorization. Rejects with `source_unreachable` when no token is given. */
  authorization(signal: AbortSignal): Promise<string>;
  /** The token was refused: the next call asks for another one. */
  forget(): void;
}

/** Whose tokens, and how they are asked for. */
export interface TokensOptions {
  readonly oauth: OAuthConfig;
  readonly dialer: Dialer;
  readonly clock: Clock;
  /** For one answer of the token server. */
  readonly timeoutMs: number;
}

interface Credentials {
  readonly id: string;
  readonly secret: string;
}

interface Token {
  readonly authorization: string;
  readonly expiresMs: number;
}

/** A token is not used in the last seconds of its life. */
const expiryMarginMs = 10_000;

/** Keeps one token until shortly before it expires. Throws RangeError when there is no usable tokenUrl. */
export function createTokens({ oauth, dialer, clock, timeoutMs }: TokensOptions): Tokens {
  const { tokenUrl = "", folder = "", reloadDelayS = 0 } = oauth;
  if (!URL.canParse(tokenUrl))
    throw new RangeError("oauth.tokenUrl is not a URL, expected one such as https://id.example/token");
  let credentials: Credentials | undefined;
  let readMs = 0;
  let token: Token | undefined;

  const current = async (): Promise<Credentials> => {
    if (folder === "") return { id: oauth.clientID ?? "", secret: oauth.clientSecret ?? "" };
    if (credentials !== undefined && clock.now() - readMs <= reloadDelayS * 1000) return credentials;
    const fresh = { id: await readTrimmed(folder, "client-id"), secret: await readTrimmed(folder, "client-secret") };
    if (fresh.id !== credentials?.id || fresh.secret !== credentials.secret) token = undefined;
    credentials = fresh;
    readMs = clock.now();
    return fresh;
  };

  const ask = async ({ id, secret }: Credentials, signal: AbortSignal): Promise<Token> => {
    const response = await dialer.fetch(tokenUrl, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      // In the body, as upstream sends them: some servers refuse the header form.
      body: new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: secret }).toString(),
      timeoutMs,
      maxBytes: 1024 * 1024,
      signal,
    });
    if (!response.ok) throw refused(tokenUrl, `HTTP ${response.status}`);
    return readToken(tokenUrl, response.text(), clock.now());
  };

  return {
    async authorization(signal) {
      const credentialsNow = await current();
      if (token === undefined || token.expiresMs <= clock.now()) token = await ask(credentialsNow, signal);
      return token.authorization;
    },
    forget() {
      token = undefined;
    },
  };
}

/** Mounted secrets often end in a line feed that is not part of them. */
async function readTrimmed(folder: string, name: string): Promise<string> {
  return (await readFile(join(folder, name), "utf8")).trim();
}

function readToken(tokenUrl: string, text: string, nowMs: number): Token {
  const answer = parseJson(text);
  const {
    access_token: value,
    token_type: type,
    expires_in: seconds,
  }: Record<string, unknown> = typeof answer === "object" ? { ...answer } : {};
  if (typeof value !== "string" || value === "") throw refused(tokenUrl, "an answer without access_token");
  const scheme = typeof type !== "string" || type === "" || type.toLowerCase() === "bearer" ? "Bearer" : type;
  const lifeMs = Number(seconds ?? 0) * 1000;
  return {
    authorization: `${scheme} ${value}`,
    expiresMs: lifeMs > 0 ? nowMs + lifeMs - expiryMarginMs : Infinity,
  };
}

/** Says nothing of what the server answered: it may repeat the credentials. */
function refused(tokenUrl: string, what: string): FlagSyncError {
  return new FlagSyncError(
    "source_unreachable",
    `oauth: ${redactUrl(tokenUrl)} gave ${what}, expected an access token`,
  );
}
