// node two-clusters.ts: starts two whole simulators one after the other; prints as one line of JSON how long it took from
// the start of the process until the first was ready, and how long the second took, in milliseconds.
import { startKubeSim } from "@burgee/kube-sim";

const first = await startKubeSim();
const firstMs = performance.now();
const second = await startKubeSim();
const secondMs = performance.now() - firstMs;
process.stdout.write(`${JSON.stringify({ firstMs, secondMs })}\n`);
await Promise.all([first.stop(), second.stop()]);
