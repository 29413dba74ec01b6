// One hook, called until it answers or its attempts are used up. Never rejects: every outcome is a result.
import type { HookResult } from "@burgee/rollout-engine";
import { backOffMs, type DialedResponse, type Dialer, messageOf, redactUrl, sleep } from "@burgee/service-kit";
import type { HookTokens } from "./own-services.ts";

/** A call as it goes over the wire. */
export interface WebhookRequest {
  url: string;
  body: unknown;
  /** Sent as Idempotency-Key: the receiver can tell a repeated call from a new one. */
  idempotencyKey: string;
  /** Of one attempt. */
  timeoutMs: number;
  /** Additional attempts. */
  retries: number;
  /** Skip the verification of the server's certificate. */
  disableTLS: boolean;
}

/** What calling needs. */
export interface WebhookCaller {
  dialer: Dialer;
  tokens: HookTokens;
  signal: AbortSignal;
}

const maxErrorText = 1024;

/**
 * POSTs the payload. Success is a status up to 202, as upstream has it. Connection errors, 429 and 5xx (but not 501) are tried again
 * after 1 s, 2 s, … up to 30 s; Retry-After is honoured.
 */
export async function callWebhook(request: WebhookRequest, caller: WebhookCaller): Promise<HookResult> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptOnce(request, caller);
    if (outcome.result.ok || !outcome.retriable || caller.signal.aborted) return outcome.result;
    if (attempt > request.retries) {
      const detail = outcome.result.message;
      const message = `POST ${redactUrl(request.url)} giving up after ${attempt} attempt(s): ${detail}`;
      return { ok: false, message };
    }
    const waited = await wait(outcome.retryAfterMs ?? backOffMs(attempt, { firstDelayMs: 1_000 }), caller.signal);
    if (!waited) return outcome.result;
  }
}

interface Attempt {
  result: HookResult;
  retriable: boolean;
  retryAfterMs?: number;
}

async function attemptOnce(request: WebhookRequest, { dialer, tokens, signal }: WebhookCaller): Promise<Attempt> {
  const token = tokens.tokenFor(request.url);
  try {
    const response = await dialer.fetch(request.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "idempotency-key": request.idempotencyKey,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(request.body),
      timeoutMs: request.timeoutMs,
      insecureSkipVerify: request.disableTLS,
      // A token must not travel to where one of our Services redirects to.
      ...(token === undefined ? {} : { maxRedirects: 0 }),
      maxBytes: 1024 * 1024,
      signal,
    });
    return judge(response);
  } catch (error) {
    return { result: { ok: false, message: messageOf(error) }, retriable: true };
  }
}

function judge(response: DialedResponse): Attempt {
  const { status } = response;
  if (status >= 200 && status <= 202) return { result: { ok: true, message: "" }, retriable: false };
  const text = response.text().slice(0, maxErrorText);
  if (status === 429 || (status >= 500 && status !== 501)) {
    const retryAfterMs = Number(response.headers.get("retry-after")) * 1000;
    const after = status === 429 || status === 503 ? retryAfterMs : 0;
    const result = { ok: false, message: text === "" ? `status ${status}` : `status ${status}: ${text}` };
    return { result, retriable: true, ...(after > 0 ? { retryAfterMs: Math.min(after, 30_000) } : {}) };
  }
  return { result: { ok: false, message: text === "" ? `status ${status}` : text }, retriable: false };
}

/** False when the signal ended the wait. */
async function wait(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
