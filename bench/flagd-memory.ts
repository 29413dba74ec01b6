import { once } from "node:events";
import { type ClientHttp2Session, connect } from "node:http2";
import { calls } from "./flagd-rpc/calls.ts";
import { benchFlags } from "./flagd-rpc/flags.ts";
import { runLoad } from "./flagd-rpc/load.ts";
import { startOurs } from "./flagd-rpc/servers.ts";
import { idleAndLoaded, rssMiB } from "./footprint/memory.ts";
import type { Bench } from "./harness.ts";
import { median, medians } from "./statistics.ts";

const sizes = [10, 1_000, 50_000] as const;
/** What a container with 1,000 flags may take. */
const limitMiB = 96;
const requests = 20_000;
const streams = 1_000;

interface Measured {
  readonly idle: number;
  /** The peak while plain gRPC calls are answered. */
  readonly loaded: number;
  readonly streaming: number;
}

/** Resident memory of flagd by number of flags: idle, under load, and with many clients that wait for events. */
export const flagdMemory: Bench = {
  about: "resident memory of flagd with 10, 1,000 and 50,000 flags, under load, and with 1,000 event streams",
  async run({ rounds, say }) {
    const samples = new Map<string, Measured[]>();
    for (let round = 1; round <= rounds; round++) {
      for (const size of sizes) {
        const measured = await measure(size);
        samples.set(`flags${size}`, [...(samples.get(`flags${size}`) ?? []), measured]);
        say(`round ${round} of ${rounds}: ${size} flags: ${Object.values(measured).map(Math.round).join(", ")} MiB`);
      }
    }
    const loaded = medians(samples, (m) => m.loaded);
    return {
      ratios: { loadedVsLimit: (loaded.flags1000 ?? Number.NaN) / limitMiB },
      figures: {
        idleRssMiB: medians(samples, (m) => m.idle),
        loadedRssMiB: loaded,
        streamingRssMiB: medians(samples, (m) => m.streaming),
        kibPerStream: median((samples.get("flags1000") ?? []).map((m) => ((m.streaming - m.loaded) * 1_024) / streams)),
      },
    };
  },
};

async function measure(size: number): Promise<Measured> {
  const { ports, pid, stop } = await startOurs(benchFlags(size));
  try {
    const { idle, loaded } = await idleAndLoaded(pid, () => runLoad(calls.grpc.open(ports), requests).then(() => {}));
    const sessions = await openStreams(ports.grpc);
    const streaming = await rssMiB(pid);
    for (const session of sessions) session.destroy();
    return { idle, loaded, streaming };
  } finally {
    await stop();
  }
}

/** Ten connections with a hundred event streams each; resolves when each of them has got its first event. */
async function openStreams(port: number): Promise<ClientHttp2Session[]> {
  const sessions = Array.from({ length: 10 }, () => connect(`http://127.0.0.1:${port}`));
  const opened = sessions.flatMap((session) =>
    Array.from({ length: streams / sessions.length }, async () => {
      const stream = session.request({
        ":method": "POST",
        ":path": "/flagd.evaluation.v1.Service/EventStream",
        "content-type": "application/grpc",
        te: "trailers",
      });
      stream.on("error", () => {});
      stream.end(Buffer.alloc(5));
      await once(stream, "data");
    }),
  );
  await Promise.all(opened);
  return sessions;
}
