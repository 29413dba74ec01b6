/** One request that a client of the API made. */
export interface RequestRecord {
  /** Epoch milliseconds. */
  at: number;
  method: string;
  path: string;
  verb: string;
  group: string;
  version: string;
  resource: string;
  subresource: string | undefined;
  namespace: string | undefined;
  name: string | undefined;
  fieldManager: string | undefined;
  userAgent: string;
  /** Who made it; empty for those that nobody let in. */
  user: string;
  /** 0 while the answer is not sent, or when it was dropped. */
  status: number;
  /** Numbers the requests in the order in which they were done with; undefined while one is under way. */
  done: number | undefined;
}

/** The newest requests, oldest first; requests of the simulator's own parts are not among them. */
export class RequestLog {
  readonly #records: RequestRecord[] = [];
  readonly #limit: number;
  #done = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get log(): readonly RequestRecord[] {
    return this.#records;
  }

  /** The request is done with: with this status, or with an answer that is lost. */
  finish(record: RequestRecord, status: number): void {
    this.#done += 1;
    record.status = status;
    record.done = this.#done;
  }

  add(record: RequestRecord): void {
    this.#records.push(record);
    if (this.#records.length > this.#limit * 1.25) this.#records.splice(0, this.#records.length - this.#limit);
  }

  clear(): void {
    this.#records.length = 0;
  }
}
