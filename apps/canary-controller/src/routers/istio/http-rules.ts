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
  const { match: wanted = [], sessionAffinity } = canary.spec.analysis;
  const service = serviceOf(canary);
  const settings = ruleSettings(canary);
  if (wanted.length > 0) {
    return [
      { match: merged(wanted, service.match), ...settings, route: destinations(canary, split) },
      { ...matching(service.match), ...settings, route: [destination(canary, "primary", split.primary)] },
    ];
  }
  const weighted: HttpRule = {
    ...matching(service.match),
    ...settings,
    route: destinations(canary, split),
    ...mirror(canary, split),
  };
  return sessionAffinity === undefined ? [weighted] : withAffinity(input, weighted, split);
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

/** Sticky rules go before the weighted one; the weighted one hands out the cookies. */
function withAffinity({ canary, cookies, intervalMs }: RuleInput, weighted: HttpRule, split: Split): HttpRule[] {
  const affinity = canary.spec.analysis.sessionAffinity;
  const { sessionAffinityCookie, previousSessionAffinityCookie, primarySessionAffinityCookie } = cookies;
  const match = (cookie: string) =>
    merged([{ headers: { Cookie: { regex: cookiePattern(cookie) } } }], serviceOf(canary).match);
  if (split.canary === 0) {
    if (!previousSessionAffinityCookie) return [weighted];
    const headers = withSetCookie(weighted.headers, forgetCookie(previousSessionAffinityCookie));
    return [{ ...weighted, match: match(previousSessionAffinityCookie), headers }, weighted];
  }
  if (affinity === undefined || !sessionAffinityCookie) return [weighted];
  const sticky = (cookie: string, to: Pick<Split, "primary" | "canary">): HttpRule => ({
    ...weighted,
    match: match(cookie),
    route: destinations(canary, to),
  });
  const [primary, sharing] = destinations(canary, split);
  const setsCanary = withSetCookie({}, setCookie(sessionAffinityCookie, affinity, canaryCookieAge(affinity)));
  const canaryRule = sticky(sessionAffinityCookie, { primary: 0, canary: 100 });
  if (affinity.primaryCookieName === undefined || !primarySessionAffinityCookie) {
    return [canaryRule, { ...weighted, route: [primary, { ...sharing, headers: setsCanary }] }];
  }
  const age = Math.trunc(intervalMs / 1000);
  const setsPrimary = withSetCookie({}, setCookie(primarySessionAffinityCookie, affinity, age));
  return [
    canaryRule,
    sticky(primarySessionAffinityCookie, { primary: 100, canary: 0 }),
    {
      ...weighted,
      route: [
        { ...primary, headers: setsPrimary },
        { ...sharing, headers: setsCanary },
      ],
    },
  ];
}

function withSetCookie(headers: Headers | undefined, value: string): Headers {
  const { response } = headers ?? {};
  return { ...headers, response: { ...response, add: { ...response?.add, "Set-Cookie": value } } };
}
