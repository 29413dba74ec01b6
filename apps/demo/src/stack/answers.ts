import { setTimeout as delay } from "node:timers/promises";

const timeoutMs = 30_000;

/** Waits until a server answers; throws after 30 s, naming it. */
export async function answers(name: string, check: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`${name} did not answer within ${timeoutMs / 1000} s`);
    await delay(50);
  }
}

/** Whether a GET is answered with a 2xx. */
export async function answersOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch (error) {
    // Not listening yet.
    if (error instanceof TypeError) return false;
    throw error;
  }
}
