import { get, type IncomingMessage } from "node:http";

/** Clients that follow a collection and count what they hear. */
export interface Watchers {
  /** Resolves when each has heard of so many changes. Rejects when a watch ends. */
  heard(changes: number): Promise<void>;
  stop(): void;
}

const newline = 10;

/** Opens so many watches of the ConfigMaps, from now on. */
export async function openWatchers(url: string, count: number): Promise<Watchers> {
  const collection = `${url}/api/v1/namespaces/default/configmaps`;
  const list: unknown = await (await fetch(`${collection}?limit=1`)).json();
  const from = versionOf(list);
  const watches = await Promise.all(
    Array.from({ length: count }, () => open(`${collection}?watch=1&resourceVersion=${from}`)),
  );
  return {
    heard: async (changes) => {
      await Promise.all(watches.map((watch) => watch.heard(changes)));
    },
    stop: () => {
      for (const { response } of watches) response.destroy();
    },
  };
}

async function open(address: string): Promise<{ response: IncomingMessage; heard(changes: number): Promise<void> }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => get(address, resolve).once("error", reject));
  let lines = 0;
  let awaited = Number.POSITIVE_INFINITY;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  response.on("data", (chunk: Buffer) => {
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) lines++;
    if (lines >= awaited) resolve();
  });
  response.once("close", () => reject(new Error(`a watch ended after ${lines} changes`)));
  // Ends that nobody waits for are no failure.
  promise.catch(() => undefined);
  return {
    response,
    heard: (changes) => {
      awaited = changes;
      if (lines >= awaited) resolve();
      return promise;
    },
  };
}

function versionOf(list: unknown): string {
  const text = /"resourceVersion":"(\d+)"/.exec(JSON.stringify(list))?.[1];
  if (text === undefined) throw new Error("the list has no resourceVersion");
  return text;
}
