import {
  type DialedResponse,
  DialError,
  type Dialer,
  messageOf,
  redactText,
  redactUrl,
  sleep,
} from "@burgee/service-kit";
import type { Alert } from "./alert.ts";
import { AlertError } from "./alert-error.ts";
import { providers } from "./providers/index.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { OpenReceiver } from "./recipients.ts";

/** Through what posts go. */
export interface SendOptions {
  readonly dialer: Dialer;
  readonly rateLimit: RateLimit;
  readonly timeoutMs: number;
  readonly now: () => number;
}

const maxRetryAfterMs = 300_000;
const maxShownBody = 200;

/** One post to one receiver, at its turn. Rejects with AlertError, whose message names the receiver only by its host. */
export async function send(
  alert: Alert,
  key: string,
  open: OpenReceiver,
  o: SendOptions & { signal: AbortSignal },
): Promise<void> {
  const kind = providers[open.type];
  const { address, token } = open.receiver;
  const secrets = [address.reveal(), ...(token === undefined ? [] : [token.reveal()])];
  const clean = (text: string): string => redactText(text, secrets);
  const where = `${open.type} at ${redactUrl(address.reveal(), { path: "hide" })}`;

  await sleep(o.rateLimit.reserve(key, kind.rate), o.signal);
  const { url, headers, body } = kind.post(alert, open.receiver);
  const response = await o.dialer
    .fetch(url, {
      method: "POST",
      // By the id a receiver knows an alert that comes twice: a dispatcher killed after the post delivers again.
      headers: { "content-type": "application/json", "x-burgee-alert-id": alert.id, ...headers },
      body: JSON.stringify(body),
      timeoutMs: o.timeoutMs,
      maxBytes: 64 * 1024,
      signal: o.signal,
      ...(open.proxy === undefined ? {} : { proxy: open.proxy }),
    })
    .catch((error: unknown) => {
      throw unreachable(where, error, clean);
    });
  const failure = failureOf(response, kind.refusal, o.now());
  if (failure === undefined) return;
  if (failure.retryAfterMs !== undefined) o.rateLimit.pause(key, failure.retryAfterMs);
  const code = failure.retry ? "try_later" : "refused";
  throw new AlertError(code, `${where}: ${clean(failure.reason)}`, failure);
}

interface Failure {
  readonly reason: string;
  readonly retry: boolean;
  readonly retryAfterMs?: number | undefined;
}

function failureOf(
  response: DialedResponse,
  refusal: (typeof providers.slack)["refusal"],
  now: number,
): Failure | undefined {
  if (response.ok) return refusal?.(response);
  const { status } = response;
  const shown = response.text().replaceAll(/\s+/g, " ").trim().slice(0, maxShownBody);
  return {
    reason: `answered ${status}${shown === "" ? "" : `: ${shown}`}`,
    retry: status === 408 || status === 425 || status === 429 || status >= 500,
    retryAfterMs: retryAfterMs(response.headers.get("retry-after"), now),
  };
}

/** Seconds or a date, at most five minutes. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, maxRetryAfterMs) : undefined;
}

/** DialError's own message names the whole path, which for a chat webhook is the credential. */
function unreachable(where: string, error: unknown, clean: (text: string) => string): AlertError {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${clean(messageOf(error.cause))}` : "";
  const code = error instanceof DialError ? error.code : "failed";
  const refused = error instanceof DialError && (error.code === "refused_by_policy" || error.code === "bad_url");
  return new AlertError(refused ? "refused" : "unreachable", `${where}: ${code}${cause}`);
}
