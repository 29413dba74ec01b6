// The one way in: `npm run demo`, `npm test`, `npm run bench`. Runs on any Node from 18 on; sets everything up, then runs the task on the pinned Node.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { foreground, run, SetupError } from "./setup/exec.mjs";
import { ensureNode } from "./setup/node.mjs";
import { step } from "./setup/progress.mjs";
import { ensureServers } from "./setup/system.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** What each task runs once everything is set up, as arguments for Node. */
const tasks = {
  demo: ["apps/demo/dist/main.mjs"],
  test: ["scripts/check.mjs"],
  bench: ["bench/run.ts"],
  setup: ["--version"],
};

async function main() {
  const [task = "", ...args] = process.argv.slice(2);
  if (!(task in tasks)) throw new SetupError(`task is "${task}", expected one of: ${Object.keys(tasks).join(", ")}`);
  const node = await ensureNode(root);
  const path = [dirname(node), join(root, "node_modules/.bin"), process.env.PATH].join(":");
  const env = { ...process.env, PATH: path, TURBO_TELEMETRY_DISABLED: "1" };
  await ensureDependencies(root, env);
  await ensureServers();
  await step("Building", () => run("turbo", ["run", "build", "--output-logs=errors-only"], { cwd: root, env }));
  return foreground(node, [...tasks[task], ...args], { cwd: root, env });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`${error instanceof SetupError ? error.message : (error.stack ?? error)}\n`);
    process.exitCode = 1;
  },
);
