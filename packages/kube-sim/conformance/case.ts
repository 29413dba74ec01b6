import type { Place } from "./place.ts";

/**
 * What a cluster needs besides the API server for a case to make sense. `local`: the server runs on this machine and
 * reaches what listens on its 127.0.0.1.
 */
export type Need = "controllers" | "kubelet" | "rbac" | "local";

/** Every need, for those who choose. */
export const needs: readonly Need[] = ["controllers", "kubelet", "rbac", "local"];

/** One assertion about the API. It rejects when the server does something else. */
export type Check = (place: Place) => Promise<void>;

/** A case that a bare API server cannot pass. */
export interface NeedyCase {
  needs: Need | readonly Need[];
  check: Check;
}

/** Cases by the sentence that they prove. */
export type Cases = Record<string, Check | NeedyCase>;

/** A part of the API and its cases. */
export interface Topic {
  name: string;
  cases: Cases;
}

/** The check of a case and what it needs. */
export function checkOf(given: Check | NeedyCase): { check: Check; needs: readonly Need[] } {
  return typeof given === "function" ? { check: given, needs: [] } : { ...given, needs: [given.needs].flat() };
}

/** Cases that all need the same. */
export function needing(needs: readonly Need[], cases: Record<string, Check>): Cases {
  return Object.fromEntries(Object.entries(cases).map(([sentence, check]) => [sentence, { needs, check }]));
}

/** One case a row of a table: the sentence from the row's key, the check with the row. */
export function rows<Row>(
  table: Record<string, Row>,
  sentence: (key: string) => string,
  check: (place: Place, row: Row) => Promise<void>,
): Cases {
  return Object.fromEntries(
    Object.entries(table).map(([key, row]) => [sentence(key), (place: Place) => check(place, row)]),
  );
}
