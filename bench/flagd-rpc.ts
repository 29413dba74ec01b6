import { isDeepStrictEqual } from "node:util";
import { type CallName, calls } from "./flagd-rpc/calls.ts";
import { runLoad } from "./flagd-rpc/load.ts";
import { cpuSeconds, pin } from "./flagd-rpc/processes.ts";
import { findPeer, startOurs, startPlain, type Subject } from "./flagd-rpc/servers.ts";
import { alternate, type Bench, type Sample, type Values } from "./harness.ts";
import { median } from "./statistics.ts";

const names = Object.keys(calls).filter((name): name is CallName => Object.hasOwn(calls, name));
/** CPU time of a server in one sample: the kernel counts in steps of 0.01 s. */
const sampleSeconds = 1.5;
/** Until connect-node is as fast as it gets. */
const warmUpSeconds = 6;
const [serverCore, loadCore] = [0, 1];

type Subjects = { readonly ours: Subject; readonly plain: Subject; readonly peer?: Subject };
/** Requests per CPU second and 99th percentile, by kind of call and server. */
type Results = Record<string, Record<string, { perCpuSecond: number; p99Ms: number }>>;

/** What a second of a server's CPU is worth. */
export const flagdRpc: Bench = {
  about: "answers per CPU second of flagd over gRPC, Connect JSON and OFREP, against connect-node, fastify and --peer",
  takesPeer: true,
  async run({ rounds, peer, say }) {
    const subjects: Subjects = {
      ours: await startOurs(),
      plain: await startPlain(),
      ...(peer !== undefined && { peer: await findPeer(peer) }),
    };
    try {
      const pinned = await Promise.all([
        ...Object.values(subjects).map(({ pid }) => pin(pid, serverCore)),
        pin(process.pid, loadCore),
      ]);
      if (pinned.includes(false)) say("not every process has a core of its own: more noise");
      const results: Results = {};
      for (const name of names) {
        await checkAgreement(name, subjects);
        const contenders = Object.fromEntries(
          Object.entries(subjects).map(([who, subject]) => [who, sampler(name, subject)]),
        );
        const samples = await alternate(contenders, { rounds, say: (line) => say(`${name}: ${line}`) });
        results[name] = Object.fromEntries(
          Object.entries(samples).map(([who, { perCpuSecond = [], p99Ms = [] }]) => [
            who,
            { perCpuSecond: median(perCpuSecond), p99Ms: median(p99Ms) },
          ]),
        );
      }
      return report(results);
    } finally {
      await Promise.all(Object.values(subjects).map((subject) => subject.stop()));
    }
  },
};

async function checkAgreement(name: CallName, subjects: Subjects): Promise<void> {
  const [ours, ...others] = await Promise.all(
    Object.entries(subjects).map(async ([who, { ports }]) => [who, await calls[name].answers(ports)] as const),
  );
  for (const [who, answers] of others) {
    if (!isDeepStrictEqual(answers, ours?.[1])) {
      throw new Error(
        `${name}: ${who} answers ${JSON.stringify(answers).slice(0, 500)}, ours ${JSON.stringify(ours?.[1]).slice(0, 500)}; a peer has to serve bench/flagd-rpc/flags.json`,
      );
    }
  }
}

function sampler(name: CallName, { ports, pid }: Subject): () => Promise<Sample> {
  let rate = 0;
  const measure = async (requests: number): Promise<Sample> => {
    const before = await cpuSeconds(pid);
    const { p99Ms } = await runLoad(calls[name].open(ports), Math.ceil(requests));
    rate = requests / Math.max(0.01, (await cpuSeconds(pid)) - before);
    return { perCpuSecond: rate, p99Ms };
  };
  return async () => {
    if (rate > 0) return await measure(rate * sampleSeconds);
    await measure(200);
    return await measure(rate * warmUpSeconds);
  };
}

function report(results: Results) {
  const of = (name: CallName, who: string): number => results[name]?.[who]?.perCpuSecond ?? Number.NaN;
  const hasPeer = results.grpc?.peer !== undefined;
  const ratios: Record<string, number> = {
    grpcVsConnectNode: of("grpc", "ours") / of("grpc", "plain"),
    ofrepVsConnectJson: of("ofrep", "ours") / of("json", "plain"),
    jsonVsConnectNode: of("json", "ours") / of("json", "plain"),
    ofrepVsFastify: of("ofrep", "ours") / of("ofrep", "plain"),
    grpcBulkVsConnectNode: of("grpcBulk", "ours") / of("grpcBulk", "plain"),
    jsonBulkVsConnectNode: of("jsonBulk", "ours") / of("jsonBulk", "plain"),
    ofrepBulkVsConnectJson: of("ofrepBulk", "ours") / of("jsonBulk", "plain"),
    ...(hasPeer && Object.fromEntries(names.map((name) => [`${name}VsPeer`, of(name, "ours") / of(name, "peer")]))),
  };
  const figures: Record<string, Values> = {};
  for (const [name, byServer] of Object.entries(results)) {
    const entries = Object.entries(byServer);
    figures[`${name}PerCpuSecond`] = Object.fromEntries(entries.map(([who, { perCpuSecond }]) => [who, perCpuSecond]));
    figures[`${name}P99Ms`] = Object.fromEntries(entries.map(([who, { p99Ms }]) => [who, p99Ms]));
  }
  return { ratios, figures };
}
