import { createLogger, type Logger } from "../log.ts";

export interface CapturedEvent {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A real logger (redaction included) whose events are kept, at level debug. */
export interface CapturedLog {
  readonly log: Logger;
  readonly events: readonly CapturedEvent[];
  /** The first event with this message. */
  find(msg: string): CapturedEvent | undefined;
  /** All lines, as they would have been written. */
  text(): string;
}

export function captureLogger(name = "test"): CapturedLog {
  const events: CapturedEvent[] = [];
  const lines: string[] = [];
  const write = (line: string): void => {
    lines.push(line);
    const event: unknown = JSON.parse(line);
    if (isEvent(event)) events.push(event);
  };
  return {
    log: createLogger({ name, level: "debug", write }),
    events,
    find: (msg) => events.find((event) => event.msg === msg),
    text: () => lines.join(""),
  };
}

function isEvent(value: unknown): value is CapturedEvent {
  return typeof value === "object" && value !== null && "level" in value && "msg" in value;
}
