import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Need, needs } from "./case.ts";
import { Run } from "./place.ts";
import { runTopics, tableOf } from "./results.ts";
import { topics } from "./topics.ts";

const usage = `Asserts what the Kubernetes API server does, against any server:

  npm run conformance -- --server URL [--token T] [--ca FILE] [--insecure] [--with controllers,kubelet,rbac,local] [--only TOPIC] [--all]

It works in namespaces and with a custom kind that it makes, labels and removes. --with tells what the cluster has besides
the API server; cases that need more are skipped. --all prints every case instead of those that failed.`;

/** Runs the suite as a command; the exit code is 1 when a case failed and 2 when the arguments are wrong. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      server: { type: "string" },
      token: { type: "string" },
      ca: { type: "string" },
      insecure: { type: "boolean", default: false },
      with: { type: "string", default: "" },
      only: { type: "string" },
      all: { type: "boolean", default: false },
    },
  });
  const { server, token, ca, insecure, only } = values;
  if (!server) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const has = needsFrom(values.with);
  const run = new Run({
    server,
    insecure,
    ...(token !== undefined && { token }),
    ...(ca !== undefined && { ca: readFileSync(ca, "utf8") }),
  });
  try {
    await run.prepare();
    const chosen = topics.filter((topic) => only === undefined || only.split(",").includes(topic.name));
    const results = await runTopics(run, chosen, has);
    process.stdout.write(`${tableOf(results, values.all)}\n`);
    return results.some((result) => result.outcome === "failed") ? 1 : 0;
  } finally {
    await run.clean(!has.has("controllers"));
  }
}

function needsFrom(text: string): Set<Need> {
  const has = new Set<Need>();
  for (const name of text.split(",").filter((part) => part !== "")) {
    const need = needs.find((known) => known === name);
    if (!need) throw new TypeError(`--with is ${JSON.stringify(text)}, expected some of: ${needs.join(",")}`);
    has.add(need);
  }
  return has;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`${error instanceof TypeError ? error.message : (error?.stack ?? error)}\n`);
    process.exitCode = error instanceof TypeError ? 2 : 1;
  },
);
