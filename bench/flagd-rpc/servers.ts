import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startProcess } from "@burgee/service-kit/testing";
import { startService } from "../start-service.ts";
import type { JsonObject } from "@burgee/flag-engine";
import type { Ports } from "./calls.ts";
import { benchFlags } from "./flags.ts";
import { listeningProcess } from "./processes.ts";

/** A server under load. */
export interface Subject {
  readonly ports: Ports;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Our flagd, as users run it, with a rule for context from headers and one from the command line. */
export async function startOurs(flags: JsonObject = benchFlags()): Promise<Subject> {
  const folder = await mkdtemp(join(tmpdir(), "burgee-flagd-rpc-"));
  const file = join(folder, "flags.json");
  await writeFile(file, JSON.stringify(flags));
  const [grpc, ofrep] = await Promise.all([freePort(), freePort()]);
  const ports = ["--port", grpc, "--sync-port", 0, "--ofrep-port", ofrep].map(String);
  const flagd = await startService("flagd", [
    ...["start", "-f", `file:${file}`, ...ports],
    ...["--context-value", "region=eu", "--context-from-header", "burgee-release-role=releaseRole"],
  ]);
  return {
    ports: { grpc, json: grpc, ofrep },
    pid: flagd.pid,
    async stop() {
      await flagd.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Those of scripts/start-app. */
const defaultFlags = "--optimize-for-size --no-maglev";
const malloc = { MALLOC_ARENA_MAX: "2", MALLOC_TRIM_THRESHOLD_: "131072", MALLOC_MMAP_THRESHOLD_: "131072" };

/** The baseline, with the same flags of Node and the same settings of malloc as ours: what differs is code. */
export async function startPlain(): Promise<Subject> {
  const flags = (process.env.BURGEE_NODE_FLAGS ?? defaultFlags).split(" ").filter((flag) => flag !== "");
  const script = join(import.meta.dirname, "plain-server.ts");
  const plain = await startProcess(process.execPath, [...flags, script], { env: malloc });
  const [line] = await plain.waitForOutput(/^\{.*\}$/m);
  return {
    ports: JSON.parse(line),
    pid: plain.pid,
    async stop() {
      await plain.stop();
    },
  };
}

/** Somebody's flagd that serves the same flags; OFREP is three ports above evaluation, as in the defaults. */
export async function findPeer(url: string): Promise<Subject> {
  const port = Number(new URL(url).port);
  return {
    ports: { grpc: port, json: port, ofrep: port + 3 },
    pid: await listeningProcess(port),
    stop: async () => {},
  };
}
