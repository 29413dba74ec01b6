// Which label tells the target's pods from the primary's.
import type { LabelSelector } from "@burgee/kube";

/** The pod label that Services select by: its key, and its value on the target's pods. */
export interface SelectorLabel {
  key: string;
  value: string;
}

/** The first candidate that the target's selector names, or undefined. */
export function selectorLabelOf(selector: LabelSelector, candidates: readonly string[]): SelectorLabel | undefined {
  for (const key of candidates) {
    const value = selector.matchLabels?.[key];
    if (value !== undefined) return { key, value };
  }
  return undefined;
}

/** Name of the primary's copy of anything. */
export function primaryName(name: string): string {
  return `${name}-primary`;
}

/** Name of the canary's Service. */
export function canaryName(name: string): string {
  return `${name}-canary`;
}

const fluxKey = "toolkit.fluxcd.io";

/** Labels or annotations without those by which Flux tracks the user's own object. */
export function withoutFluxKeys(map: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !key.includes(fluxKey)));
}

/** Labels or annotations that the option --include-label-prefix names; `*` is all, no prefix is none. */
export function includedKeys(
  map: Readonly<Record<string, string>> | undefined,
  prefixes: readonly string[],
): Record<string, string> {
  const wanted = (key: string) => prefixes.some((prefix) => prefix === "*" || key.startsWith(prefix));
  return Object.fromEntries(Object.entries(withoutFluxKeys(map)).filter(([key]) => wanted(key)));
}
