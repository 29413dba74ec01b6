import { homedir } from "node:os";
import { join } from "node:path";
import { kubeconfigContexts } from "@burgee/kube";
import { ConfigError, checkTogether, defineConfig, option, logLevels } from "@burgee/service-kit";

/** Where --cluster looks for contexts when it is not told. */
export const defaultKubeconfig = join(homedir(), ".kube/config");

const clusterOptions = {
  cluster: option.boolean({
    default: false,
    about: "play against a real cluster's API (needs --context) instead of the simulated one",
  }),
  context: option.string({ optional: true, about: "context of --kubeconfig that --cluster may use" }),
  kubeconfig: option.string({
    optional: true,
    about: "kubeconfig file for --cluster; default ~/.kube/config. KUBECONFIG is never read",
  }),
} as const;

/** A cluster is never guessed: not from the current context, and not without --cluster. */
const clusterCheck = checkTogether(clusterOptions, ({ cluster, context, kubeconfig }) => {
  if (!cluster) {
    const given = Object.entries({ context, kubeconfig }).filter(([, value]) => value !== undefined);
    if (given.length === 0) return;
    throw new ConfigError(
      given.map(([name, value]) => `--${name} is ${value} without --cluster, expected both or none`),
    );
  }
  const file = kubeconfig ?? defaultKubeconfig;
  const known = kubeconfigContexts(file);
  if (context !== undefined && known.includes(context)) return;
  throw new ConfigError([
    `--context is ${context ?? "not set"}, expected one of the contexts in ${file}: ${known.join(", ") || "none"}`,
  ]);
});

/** Everything that can be set. */
export const configSchema = defineConfig(
  "DEMO",
  {
    story: option.string({
      default: "errors",
      choices: ["errors", "slow"],
      about: "what is wrong with the bad version: it answers with errors (v3) or slowly (v4)",
    }),
    once: option.boolean({ default: false, about: "end after the story: exit 0 when it went well, else 1" }),
    json: option.boolean({ default: false, about: "print the outcome as one JSON object on the last line" }),
    ...clusterOptions,
    state: option.string({ optional: true, about: "file that is kept up to date with the addresses and process ids" }),
    requests: option.string({
      optional: true,
      about: "file that gets, at the end of the story, which requests each service made to Kubernetes",
    }),
    shutdownTimeout: option.duration({
      default: "60s",
      about: "longest time to end everything; a real cluster takes its time to delete namespaces",
    }),
    logLevel: option.string({
      default: "warn",
      choices: logLevels,
      about: "least severe event of the demo itself that is logged; each service has a log file",
    }),
  },
  { managementPort: 0, logFormat: "console", checks: [clusterCheck] },
);
