import { once } from "node:events";
import { Agent, request } from "node:http";

/** How long each service is kept busy. */
const loadMs = 6_000;
const connections = 8;

export interface Call {
  readonly path: string;
  readonly body?: object;
}

/** Keeps eight connections busy, the next call as soon as the last one was answered. Rejects on any status but a 2xx. */
export async function busyCalls(port: number, next: (count: number) => Call): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const until = Date.now() + loadMs;
  let count = 0;
  const client = async (): Promise<void> => {
    while (Date.now() < until) await call(port, next(count++), agent);
  };
  try {
    await Promise.all(Array.from({ length: connections }, client));
  } finally {
    agent.destroy();
  }
}

async function call(port: number, { path, body }: Call, agent: Agent): Promise<void> {
  const sent = request({
    ...{ host: "127.0.0.1", port, path, agent },
    method: body === undefined ? "GET" : "POST",
    headers: body === undefined ? {} : { "content-type": "application/json" },
  });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(sent, "response");
  response.resume();
  await once(response, "end");
  const { statusCode } = response;
  if (statusCode < 200 || statusCode > 299) throw new Error(`${path} was answered with ${statusCode}, expected 2xx`);
}

/** Calls `step` so many times a second for the length of the load. */
export async function steadily(perSecond: number, step: (count: number) => Promise<void>): Promise<void> {
  const until = Date.now() + loadMs;
  for (let count = 0; Date.now() < until; count++) {
    const due = new Promise((resolve) => setTimeout(resolve, 1_000 / perSecond));
    await step(count);
    await due;
  }
}
