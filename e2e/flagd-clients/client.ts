import type { JsonValue } from "@openfeature/core";
import type { RunningFlagd } from "./running-flagd.ts";

/** One evaluation of a flag, with the value that the caller falls back to. Its type is the type that is asked for. */
export interface Question {
  readonly key: string;
  readonly fallback: boolean | string | number | { readonly [key: string]: JsonValue };
  readonly context?: Readonly<Record<string, string | number | boolean>>;
}

/** What the caller gets, in OpenFeature's words. Without errorCode it was answered. */
export interface Answer {
  readonly value: unknown;
  readonly reason?: string | undefined;
  readonly variant?: string | undefined;
  readonly errorCode?: string | undefined;
}

/** One connection of a real client. */
export interface FlagClient {
  ask(question: Question): Promise<Answer>;
  /** Keys of the flags that change events named so far, or {@link someFlag}; absent where the client is told of none. */
  readonly changed?: () => readonly string[];
  close(): Promise<void>;
}

/** Stands for the key in the events of a client that does not say which flags changed. */
export const someFlag = "(some flag)";

/** True when one of these events was about the flag, as far as the client says. */
export function tells(changed: readonly string[], key: string): boolean {
  return changed.includes(key) || changed.includes(someFlag);
}

/** A way to ask flagd for flags: an unmodified client library, or the protocol itself. */
export interface ClientKind {
  readonly name: string;
  open(flagd: RunningFlagd): Promise<FlagClient>;
}

/** The answer of a caller who got an error. */
export function failed({ fallback }: Question, errorCode: string): Answer {
  return { value: fallback, reason: "ERROR", errorCode };
}
