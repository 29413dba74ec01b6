import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

/** Where the server is and who asks. */
export interface Target {
  /** `https://host:port` */
  server: string;
  /** Bearer token; absent: none is sent. */
  token?: string;
  /** The certificate of the server's authority, as PEM. */
  ca?: string;
  /** True: any certificate will do. */
  insecure?: boolean;
}

/** What the server said. `body` is JSON where the answer is JSON, else its text. */
export interface Answer {
  status: number;
  body: unknown;
  warnings: string[];
  contentType: string;
}

/** What a request has besides method and path. */
export interface RequestOptions {
  body?: unknown;
  contentType?: string;
  accept?: string;
  /** More headers; an `authorization` takes the place of the target's token. */
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** An answer that takes longer is none. */
const limitMs = 20_000;

/** HTTP to one server; connections are kept. */
export class Http {
  readonly #target: Target;
  readonly #base: URL;
  readonly #agent: HttpAgent | HttpsAgent;

  constructor(target: Target) {
    this.#target = target;
    this.#base = new URL(target.server);
    this.#agent =
      this.#base.protocol === "https:"
        ? new HttpsAgent({
            keepAlive: true,
            rejectUnauthorized: target.insecure !== true,
            ...(target.ca !== undefined && { ca: target.ca }),
          })
        : new HttpAgent({ keepAlive: true });
  }

  /** Sends a request and reads the whole answer. A body that is a string is sent as it is. */
  async call(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const response = await this.open(method, path, { signal: AbortSignal.timeout(limitMs), ...options });
    let text = "";
    for await (const chunk of response.setEncoding("utf8")) text += chunk;
    return {
      status: response.statusCode ?? 0,
      body: jsonOrText(text),
      warnings: (response.headers.warning ?? "").split(/,\s*(?=299 )/).filter((entry) => entry !== ""),
      contentType: response.headers["content-type"] ?? "",
    };
  }

  /** Sends a request; the answer's body is left to the caller. */
  open(
    method: string,
    path: string,
    { body, contentType, accept, headers: more, signal }: RequestOptions,
  ): Promise<IncomingMessage> {
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const { token } = this.#target;
    const headers = {
      accept: accept ?? "application/json",
      "user-agent": "conformance/1",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(text !== undefined && {
        "content-type": contentType ?? "application/json",
        "content-length": String(Buffer.byteLength(text)),
      }),
      ...more,
    };
    const send = this.#base.protocol === "https:" ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const options = { method, headers, agent: this.#agent, ...(signal && { signal }) };
      const request: ClientRequest = send(new URL(path, this.#base), options, resolve);
      request.once("error", reject);
      request.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
