// The HTTP rules of a VirtualService as a function of a Canary and a split: pure.
import type { Canary, HttpMatch } from "@burgee/contracts/crd";
import { serviceName } from "../../services.ts";
import { canaryCookieAge, cookiePattern, forgetCookie, setCookie } from "../http/cookies.ts";
import type { Cookies, Split } from "../router.ts";
import { destination, destinations, serviceOf } from "./destinations.ts";
import type { Headers, HttpRule } from "./objects.ts";

/** What rules are made from. */
export interface RuleInput {
  canary: Canary;
  cookies: Cookies;
  intervalMs: number;
}

/** All HTTP rules, the more special ones first. */
export function httpRules(input: RuleInput, split: Split): HttpRule[] {
  const { canary } = input;
  const { match: wanted = [] } = canary.spec.analysis;
  const service = serviceOf(canary);
  const settings = ruleSettings(canary);
  if (wanted.length === 0) {
    const weighted = { ...matching(service.match), ...settings, route: destinations(canary, split) };
    return withAffinity(input, { splitting: { ...weighted, ...mirror(canary, split) }, others: [], split });
  }
  const chosen = { match: merged(wanted, service.match), ...settings, route: destinations(canary, split) };
  const rest = { ...matching(service.match), ...settings, route: [destination(canary, "primary", split.primary)] };
  return withAffinity(input, { splitting: chosen, others: [rest], split });
}

/** Each wanted match laid over each declared one, its headers and source labels replacing theirs; nothing else of it counts. */
export function merged(wanted: readonly HttpMatch[], declared: readonly HttpMatch[] = []): HttpMatch[] {
  if (declared.length === 0) return [...wanted];
  return wanted.flatMap(({ headers, sourceLabels }) =>
    declared.map((base) => ({
      ...base,
      ...(headers === undefined ? {} : { headers }),
      ...(sourceLabels === undefined ? {} : { sourceLabels }),
    })),
  );
}

function matching(match: HttpMatch[] | undefined): Pick<HttpRule, "match"> {
  return match === undefined || match.length === 0 ? {} : { match };
}

/** What the Canary says about every rule alike. */
function ruleSettings(canary: Canary): Omit<HttpRule, "match" | "route"> {
  const { rewrite, timeout, retries, corsPolicy, headers } = serviceOf(canary);
  const { uri, authority } = rewrite ?? {};
  return {
    ...(rewrite === undefined
      ? {}
      : { rewrite: { ...(uri === undefined ? {} : { uri }), ...(authority === undefined ? {} : { authority }) } }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(retries === undefined ? {} : { retries: { ...retries, attempts: retries.attempts ?? 0 } }),
    ...(corsPolicy === undefined ? {} : { corsPolicy }),
    ...(headers === undefined ? {} : { headers }),
  };
}

function mirror(canary: Canary, split: Split): Pick<HttpRule, "mirror" | "mirrorPercentage"> {
  if (!split.mirror) return {};
  const { mirrorWeight: value = 0 } = split;
  return { mirror: { host: serviceName(canary, "canary") }, ...(value > 0 ? { mirrorPercentage: { value } } : {}) };
}

/** Sticky rules go before the one that splits, which hands out the cookies; `others` are for those whom it does not choose. */
function withAffinity(
  { canary, cookies, intervalMs }: RuleInput,
  { splitting, others, split }: { splitting: HttpRule; others: readonly HttpRule[]; split: Split },
): HttpRule[] {
  const affinity = canary.spec.analysis.sessionAffinity;
  const { sessionAffinityCookie, previousSessionAffinityCookie, primarySessionAffinityCookie } = cookies;
  if (affinity === undefined) return [splitting, ...others];
  const match = (cookie: string) =>
    merged([{ headers: { Cookie: { regex: cookiePattern(cookie) } } }], serviceOf(canary).match);
  if (split.canary === 0) {
    if (!previousSessionAffinityCookie) return [splitting, ...others];
    const headers = withSetCookie(splitting.headers, forgetCookie(previousSessionAffinityCookie));
    return [{ ...splitting, match: match(previousSessionAffinityCookie), headers }, splitting, ...others];
  }
  if (!sessionAffinityCookie) return [splitting, ...others];
  const sticky = (cookie: string, to: Pick<Split, "primary" | "canary">): HttpRule => ({
    ...splitting,
    match: match(cookie),
    route: destinations(canary, to),
  });
  const [primary, sharing] = destinations(canary, split);
  const setsCanary = withSetCookie({}, setCookie(sessionAffinityCookie, affinity, canaryCookieAge(affinity)));
  const canaryRule = sticky(sessionAffinityCookie, { primary: 0, canary: 100 });
  if (affinity.primaryCookieName === undefined || !primarySessionAffinityCookie) {
    return [canaryRule, { ...splitting, route: [primary, { ...sharing, headers: setsCanary }] }, ...others];
  }
  const age = Math.trunc(intervalMs / 1000);
  const setsPrimary = withSetCookie({}, setCookie(primarySessionAffinityCookie, affinity, age));
  const fromPrimary = ({ route = [], ...rule }: HttpRule): HttpRule => ({
    ...rule,
    route: route.map((to) => ({ ...to, headers: setsPrimary })),
  });
  return [
    canaryRule,
    sticky(primarySessionAffinityCookie, { primary: 100, canary: 0 }),
    {
      ...splitting,
      route: [
        { ...primary, headers: setsPrimary },
        { ...sharing, headers: setsCanary },
      ],
    },
    ...others.map(fromPrimary),
  ];
}

function withSetCookie(headers: Headers | undefined, value: string): Headers {
  const { response } = headers ?? {};
  return { ...headers, response: { ...response, add: { ...response?.add, "Set-Cookie": value } } };
}
