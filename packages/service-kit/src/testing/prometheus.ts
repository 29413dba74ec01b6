import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { startProcess } from "./process.ts";
import { waitFor } from "./wait-for.ts";

export interface PrometheusOptions {
  readonly port?: number;
  /** A file_sd file (JSON) with the targets; it is read again whenever it changes. */
  readonly targetsFile?: string;
  /** Fixed targets, `host:port`. */
  readonly targets?: readonly string[];
  /** Default 1 000. */
  readonly scrapeIntervalMs?: number;
}

/** A real Prometheus with its data in a temporary directory. */
export interface TestPrometheus {
  readonly url: string;
  readonly port: number;
  /** Runs an instant query; each sample is its labels and value. */
  query(promql: string): Promise<{ labels: Record<string, string>; value: number }[]>;
  stop(): Promise<void>;
}

/** Starts `prometheus` on a free port of loopback and waits until it is ready. */
export async function startPrometheus(o: PrometheusOptions = {}): Promise<TestPrometheus> {
  const port = o.port ?? (await freePort());
  const directory = await mkdtemp(join(tmpdir(), "burgee-prometheus-"));
  const file = join(directory, "prometheus.yml");
  // JSON is YAML.
  await writeFile(file, JSON.stringify(configuration(o)));
  const running = await startProcess("prometheus", [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(directory, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--log.level=warn",
  ]);
  const url = `http://127.0.0.1:${port}`;
  await waitFor(async () => (await fetch(`${url}/-/ready`)).ok, {
    timeoutMs: 20_000,
    describe: () => running.output(),
  });
  return {
    url,
    port,
    query: (promql) => query(url, promql),
    async stop() {
      await running.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function configuration(o: PrometheusOptions): object {
  const interval = `${o.scrapeIntervalMs ?? 1_000}ms`;
  const discovery = {
    ...(o.targetsFile === undefined ? {} : { file_sd_configs: [{ files: [o.targetsFile], refresh_interval: "1s" }] }),
    ...(o.targets === undefined ? {} : { static_configs: [{ targets: o.targets }] }),
  };
  return {
    global: { scrape_interval: interval, scrape_timeout: interval },
    scrape_configs: [{ job_name: "pods", ...discovery }],
  };
}

async function query(url: string, promql: string): Promise<{ labels: Record<string, string>; value: number }[]> {
  const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: promql })}`);
  const body: unknown = await answer.json();
  if (!isVector(body)) throw new Error(`prometheus answered ${answer.status}: ${JSON.stringify(body)}`);
  return body.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

interface Vector {
  readonly data: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] };
}

function isVector(body: unknown): body is Vector {
  return typeof body === "object" && body !== null && "status" in body && body.status === "success" && "data" in body;
}
