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
  /** 0 while the answer is not sent, or when it was dropped. */
  status: number;
}

/** The newest requests, oldest first; requests of the simulator's own parts are not among them. */
export class RequestLog {
  readonly #records: RequestRecord[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get log(): readonly RequestRecord[] {
    return this.#records;
  }

  add(record: RequestRecord): void {
    this.#records.push(record);
    if (this.#records.length > this.#limit * 1.25) this.#records.splice(0, this.#records.length - this.#limit);
  }

  clear(): void {
    this.#records.length = 0;
  }
}
