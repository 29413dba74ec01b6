import type { QueryModel } from "../render-query.ts";

/** The built-in queries of one mesh, ingress or application: templates in PromQL, word for word those of Flagger. */
export interface Observer {
  /** Template code that stands before each query. */
  readonly declarations?: string;
  /** Requests a second that did not fail, and all of them. */
  readonly succeeded: string;
  readonly total: string;
  readonly duration: string;
  /** What `duration` returns. */
  readonly durationUnit: "ms" | "s";
  /** The queries select the canary by the names of its pods, which depend on the kind of the target. */
  readonly podsByName?: true;
  /** Names as this mesh spells them. */
  readonly encode?: (model: QueryModel) => QueryModel;
}

/** Percent of requests that did not fail. Empty when every request failed, because no series of a success exists then. */
export function successRateTemplate(observer: Observer): string {
  return `${observer.declarations ?? ""}\n${observer.succeeded}\n/\n${observer.total}\n* 100`;
}

/** All requests a second: tells a canary whose requests all fail from one without traffic. */
export function requestRateTemplate(observer: Observer): string {
  return `${observer.declarations ?? ""}\n${observer.total}`;
}

/** Duration of requests, in the observer's unit. */
export function durationTemplate(observer: Observer): string {
  return `${observer.declarations ?? ""}\n${observer.duration}`;
}
