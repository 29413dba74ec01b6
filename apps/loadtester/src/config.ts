import { checkTogether, ConfigError, defineConfig, option } from "@burgee/service-kit";

const namespaceRegexp = option.string({
  default: "",
  about: "act only for canaries whose namespace matches somewhere (write ^…$ for the whole name); empty means all",
});

/** Everything that can be set. Names are upstream's where upstream has them. */
export const configSchema = defineConfig(
  "LOADTESTER",
  {
    port: option.port({ default: 8080, about: "port that webhooks call" }),
    timeout: option.duration({ default: "1h", min: "1s", about: "longest time that a task may run" }),
    namespaceRegexp,
    zapReplaceGlobals: option.boolean({ default: false, about: "accepted for upstream's manifests, without effect" }),
    zapEncoding: option.string({ default: "json", about: "accepted for upstream's manifests, see logFormat" }),
  },
  {
    managementPort: 8081,
    checks: [checkTogether({ namespaceRegexp }, (given) => namespacesFrom(given.namespaceRegexp))],
  },
);

/** Undefined for an empty text. Throws ConfigError when it is no regular expression. */
export function namespacesFrom(text: string): RegExp | undefined {
  if (text === "") return undefined;
  try {
    return new RegExp(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ConfigError([
      `--namespace-regexp is ${JSON.stringify(text)}, expected a regular expression: ${error.message}`,
    ]);
  }
}
