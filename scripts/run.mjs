// The one way in: `npm run demo`, `npm test`, `npm run bench`. Runs on any Node from 18 on; sets everything up, then runs the task on the pinned Node.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { foreground, run, SetupError } from "./setup/exec.mjs";
import { ensureNode } from "./setup/node.mjs";
import { step } from "./setup/progress.mjs";
import { ensurePrograms } from "./setup/system.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** What each task runs, as arguments for Node, and whether it needs the programs of the system and the built apps. */
const tasks = {
  demo: { args: ["apps/demo/dist/main.mjs"], programs: true, apps: true },
  test: { args: ["scripts/check.mjs"], programs: true, apps: true },
  bench: { args: ["bench/run.ts"], programs: true, apps: true },
  generate: { args: ["scripts/generate.mjs"], programs: false, apps: false },
  conformance: { args: ["packages/kube-sim/conformance/main.ts"], programs: false, apps: false },
};

async function main() {
  const [task = "", ...args] = process.argv.slice(2);
  const wanted = tasks[task];
  if (!wanted) throw new SetupError(`task is "${task}", expected one of: ${Object.keys(tasks).join(", ")}`);
  const node = await ensureNode(root);
  const path = [dirname(node), join(root, "node_modules/.bin"), process.env.PATH].join(":");
  const env = { ...process.env, PATH: path, TURBO_TELEMETRY_DISABLED: "1" };
  await ensureDependencies(root, env);
  if (wanted.programs) await ensurePrograms();
  if (wanted.apps)
    await step("Building", () => run("turbo", ["run", "build", "--output-logs=errors-only"], { cwd: root, env }));
  return foreground(node, [...wanted.args, ...args], { cwd: root, env });
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
