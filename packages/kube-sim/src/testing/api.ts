import { ApiClient, ClientError } from "../client/api-client.ts";
import { isObject, type JsonObject } from "../api/json.ts";

/** A client for tests: one call a line, answers as plain JSON. */
export interface TestApi {
  call(method: string, path: string, body?: unknown, contentType?: string): Promise<JsonObject>;
  /** The Status that a refused call answers with; code and message of an answer in plain text. */
  refusal(method: string, path: string, body?: unknown, contentType?: string): Promise<JsonObject>;
  /** Opens a watch; `next` waits for the next event that is no bookmark. */
  watch(path: string): Promise<TestWatch>;
  close(): void;
}

export interface TestWatch {
  status: number;
  next(): Promise<{ type: string; object: JsonObject } | undefined>;
  stop(): void;
}

export const mergePatchType = "application/merge-patch+json";
export const strategicPatchType = "application/strategic-merge-patch+json";
export const jsonPatchType = "application/json-patch+json";
export const applyPatchType = "application/apply-patch+yaml";

export function testApi(server: string, userAgent = "kube-sim-test/1"): TestApi {
  const client = new ApiClient({ server, userAgent });
  const options = (body: unknown, contentType?: string) => ({ body, ...(contentType && { contentType }) });
  return {
    call: (method, path, body, contentType) => client.call(method, path, options(body, contentType)),
    refusal: async (method, path, body, contentType) => {
      const response = await client.open(method, path, options(body, contentType));
      let text = "";
      for await (const chunk of response.setEncoding("utf8")) text += chunk;
      if (response.headers["content-type"]?.startsWith("text/plain"))
        return { code: response.statusCode, message: text };
      const value: unknown = JSON.parse(text);
      if (!isObject(value) || value.kind !== "Status") throw new Error(`${method} ${path} was not refused: ${text}`);
      return value;
    },
    watch: (path) => openWatch(client, path),
    close: () => client.close(),
  };
}

async function openWatch(client: ApiClient, path: string): Promise<TestWatch> {
  const controller = new AbortController();
  const response = await client.open("GET", path, { signal: controller.signal });
  const lines = readLines(response.setEncoding("utf8"));
  return {
    status: response.statusCode ?? 0,
    next: async () => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done || value === undefined) return undefined;
        const event: unknown = JSON.parse(value);
        if (isObject(event) && isObject(event.object)) return { type: String(event.type), object: event.object };
      }
    },
    stop: () => controller.abort(),
  };
}

async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  try {
    for await (const chunk of chunks) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch (error) {
    if (!(error instanceof ClientError) && !(error instanceof Error && /abort/i.test(error.message))) throw error;
  }
}
