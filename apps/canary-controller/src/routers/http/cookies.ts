// Session affinity cookies, shared by the routers that can set them.
import { createHash } from "node:crypto";
import type { Canary, SessionAffinity } from "@burgee/contracts/crd";
import type { CanaryStatus } from "@burgee/rollout-engine";
import type { Cookies, Split } from "../router.ts";

/**
 * The cookies after a split is set. Values are derived from the Canary and its run, so a step that is repeated after a crash keeps every
 * user where they were. A canary without traffic retires its cookie.
 */
export function nextCookies(canary: Canary, cookies: Cookies, split: Pick<Split, "canary">): Cookies {
  const affinity = canary.spec.analysis.sessionAffinity;
  if (affinity === undefined) return cookies;
  if (split.canary === 0) {
    const { sessionAffinityCookie, ...rest } = cookies;
    if (sessionAffinityCookie === undefined || sessionAffinityCookie === "") return cookies;
    return { ...rest, sessionAffinityCookie: undefined, previousSessionAffinityCookie: sessionAffinityCookie };
  }
  const run = `${canary.metadata.uid}/${canary.status?.run ?? 0}`;
  const next = { ...cookies };
  if (!cookies.sessionAffinityCookie) next.sessionAffinityCookie = `${affinity.cookieName}=${letters(run)}`;
  if (affinity.primaryCookieName !== undefined && !cookies.primarySessionAffinityCookie) {
    next.primarySessionAffinityCookie = `${affinity.primaryCookieName}=${letters(`${run}/primary`)}`;
  }
  return next;
}

/** What a status records. */
export function cookiesOf(status: CanaryStatus): Cookies {
  const { sessionAffinityCookie, previousSessionAffinityCookie, primarySessionAffinityCookie } = status;
  return { sessionAffinityCookie, previousSessionAffinityCookie, primarySessionAffinityCookie };
}

/** The status with these recorded in place of its own. */
export function withCookies(status: CanaryStatus, cookies: Cookies): CanaryStatus {
  const { sessionAffinityCookie, previousSessionAffinityCookie, primarySessionAffinityCookie, ...rest } = status;
  return { ...rest, ...Object.fromEntries(Object.entries(cookies).filter(([, cookie]) => cookie !== undefined)) };
}

/** The Set-Cookie value that keeps a user where they are, attributes in upstream's order. */
export function setCookie(cookie: string, affinity: SessionAffinity, maxAgeSeconds: number): string {
  const { domain, httpOnly, partitioned, path, sameSite, secure } = affinity;
  return [
    `${cookie}; Max-Age=${maxAgeSeconds}`,
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    ...(httpOnly === true ? ["HttpOnly"] : []),
    ...(partitioned === true ? ["Partitioned"] : []),
    ...(path === undefined ? [] : [`Path=${path}`]),
    ...(sameSite === undefined ? [] : [`SameSite=${sameSite}`]),
    ...(secure === true ? ["Secure"] : []),
  ].join("; ");
}

/** The Set-Cookie value that makes browsers forget a cookie. */
export function forgetCookie(cookie: string): string {
  return `${cookie}; Max-Age=-1`;
}

/** Pattern of a Cookie header that carries the cookie. */
export function cookiePattern(cookie: string): string {
  const [name = "", value = ""] = cookie.split("=");
  return `.*${name}.*${value}.*`;
}

/** Max-Age of the canary's cookie in seconds. */
export function canaryCookieAge(affinity: SessionAffinity): number {
  return affinity.maxAge === undefined || affinity.maxAge === 0 ? 86_400 : affinity.maxAge;
}

/** Ten letters derived from a seed. */
function letters(seed: string): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const digest = createHash("sha256").update(seed).digest();
  return [...digest.subarray(0, 10)].map((byte) => alphabet[byte % alphabet.length]).join("");
}
