import { writeFile } from "node:fs/promises";
import { freePort } from "@burgee/kube-sim";
import type { Logger } from "@burgee/service-kit";
import { answers, answersOk } from "./answers.ts";
import { type Supervised, supervise } from "./supervise.ts";

export interface Prometheus extends Supervised {
  readonly url: string;
}

/** A real Prometheus that scrapes the pods listed in `targetsFile` twice a second. Resolves when it is ready. */
export async function startPrometheus(
  folder: string,
  targetsFile: string,
  env: Record<string, string>,
  log: Logger,
): Promise<Prometheus> {
  const port = await freePort();
  const config = `${folder}/prometheus.yml`;
  // JSON is YAML.
  await writeFile(
    config,
    JSON.stringify({
      global: { scrape_interval: "500ms", scrape_timeout: "450ms" },
      scrape_configs: [{ job_name: "pods", file_sd_configs: [{ files: [targetsFile], refresh_interval: "1s" }] }],
    }),
  );
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const server = supervise(
    "prometheus",
    { command: ["prometheus", ...args, "--log.level=warn"], env, cwd: folder, logFile: `${folder}/prometheus.log` },
    log,
  );
  const url = `http://127.0.0.1:${port}`;
  await answers("prometheus", () => answersOk(`${url}/-/ready`));
  return { ...server, url };
}
