import { createServer } from "node:net";

// Below the range from which systems take the ports of outgoing connections, so that nothing takes a port between the
// moment it is found free and the moment the process listens on it.
const lowest = 20_000;
const highest = 32_000;
// One for the whole process: two kubelets in it must not give the same port.
let next = lowest + Math.floor(Math.random() * (highest - lowest));

/** A port on which nothing listens. Each call gives another one. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < highest - lowest; tries++) {
    next = next >= highest ? lowest : next + 1;
    const port = next;
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${lowest} and ${highest}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "0.0.0.0", () => probe.close(() => resolve(true)));
  });
}
