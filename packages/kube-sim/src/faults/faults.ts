/** What a request must be for a fault to hit it; a field that is missing fits everything. */
export interface RequestMatch {
  /** get, list, watch, create, update, patch, delete or deletecollection. */
  verb?: string;
  /** The plural name: `canaries`. */
  resource?: string;
  namespace?: string;
  name?: string;
  /** `""` hits the main resource only. */
  subresource?: string;
  /** A part of the User-Agent. Without it the simulator's own controllers are spared. */
  userAgent?: string;
}

/**
 * What goes wrong. `hang` means: nothing happens and no answer comes. `until` means: the request is on its way and arrives when the
 * promise settles. `drop: "after"` means: the effect is done, the answer is lost.
 */
export type FaultAction =
  | { status: number; reason?: string; message?: string; retryAfterSeconds?: number }
  | { delayMs: number }
  | { hang: true }
  | { until: Promise<unknown> }
  | { drop: "before" | "after" };

/** A fault hits the `nth` matching call (1 = the first; default: every one), at most `times` times. */
export interface Fault {
  match: RequestMatch;
  nth?: number;
  times?: number;
  action: FaultAction;
}

/** A fault that was added; `hits` counts the calls it has hit. */
export interface AddedFault {
  readonly hits: number;
  remove(): void;
}

/** The facts of a request that faults and filters look at. */
export interface RequestFacts {
  verb: string;
  resource: string;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
  userAgent: string;
}

/** User agents of the simulator's own parts begin with this. */
export const ownUserAgent = "kube-sim/";

/** Whether a request is one that a fault is for; what a match leaves out fits everything. */
export function matches(match: RequestMatch, facts: RequestFacts): boolean {
  const fits = (wanted: string | undefined, actual: string | undefined) =>
    wanted === undefined || wanted === (actual ?? "");
  return (
    fits(match.verb, facts.verb) &&
    fits(match.resource, facts.resource) &&
    fits(match.namespace, facts.namespace) &&
    fits(match.name, facts.name) &&
    fits(match.subresource, facts.subresource) &&
    (match.userAgent === undefined
      ? !facts.userAgent.startsWith(ownUserAgent)
      : facts.userAgent.includes(match.userAgent))
  );
}

interface ActiveFault {
  fault: Fault;
  seen: number;
  hits: number;
}

/** The faults that are scripted at the moment. */
export class Faults {
  readonly #active = new Set<ActiveFault>();

  add(fault: Fault): AddedFault {
    const active: ActiveFault = { fault, seen: 0, hits: 0 };
    this.#active.add(active);
    return {
      get hits() {
        return active.hits;
      },
      remove: () => void this.#active.delete(active),
    };
  }

  clear(): void {
    this.#active.clear();
  }

  /** Counts the request with every fault it fits and returns what must happen to it. */
  actionsFor(facts: RequestFacts): FaultAction[] {
    const actions: FaultAction[] = [];
    for (const active of this.#active) {
      const { match, nth, times, action } = active.fault;
      if (!matches(match, facts)) continue;
      active.seen++;
      if (nth !== undefined && active.seen < nth) continue;
      if (active.hits >= (times ?? (nth === undefined ? Number.POSITIVE_INFINITY : 1))) continue;
      active.hits++;
      actions.push(action);
    }
    return actions;
  }
}
