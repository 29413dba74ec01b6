import type { NewEntry } from "@burgee/event-bus";

/** What is measured: something that publishes and hands every message to a handler of a group. */
export interface Channel {
  publish(entry: NewEntry): Promise<void>;
  consume(handler: () => void): Promise<{ stop(): Promise<void> }>;
}
