import { defineConfig, option } from "@burgee/service-kit";

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
    cluster: option.boolean({
      default: false,
      about: "play against a real cluster's API (needs --context) instead of the simulated one",
    }),
    context: option.string({ optional: true, about: "context of --kubeconfig that --cluster may use" }),
    kubeconfig: option.string({
      optional: true,
      about: "kubeconfig file for --cluster; default ~/.kube/config. KUBECONFIG is never read",
    }),
    state: option.string({ optional: true, about: "file that is kept up to date with the addresses and process ids" }),
    requests: option.string({
      optional: true,
      about: "file that gets, at the end of the story, which requests each service made to Kubernetes",
    }),
    logLevel: option.string({
      default: "warn",
      choices: ["debug", "info", "warn", "error"],
      about: "least severe event of the demo itself that is logged; each service has a log file",
    }),
  },
  { managementPort: 0, logFormat: "console" },
);
