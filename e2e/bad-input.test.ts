// What a service says to settings that it cannot use: every problem at once, each with its field, its value and what would be right.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runService, type ServiceName, services } from "./service-process.ts";

const folder = mkdtempSync(join(tmpdir(), "burgee-bad-input-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const names = Object.keys(services).filter((name): name is ServiceName => name in services);
const kube = ["--kube-server", "http://127.0.0.1:1"];
const noKube =
  "no Kubernetes API is configured and /var/run/secrets/kubernetes.io/serviceaccount/token is absent, expected --kubeconfig FILE, --kube-server URL or to run in a pod";
const redis = "redis://HOST:PORT, or rediss://HOST:PORT for TLS, with user and password before the host where needed";
/** flagd keeps upstream's exit code. */
const exitCode = (service: ServiceName) => (service === "flagd" ? 1 : 2);

function told(service: string, problems: readonly string[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return `${service}: ${count} in the configuration\n${problems.map((problem) => `  ${problem}\n`).join("")}See ${service} --help for all settings.\n`;
}

describe("every service", () => {
  const own: Partial<Record<ServiceName, string[]>> = { flagd: ["-f", "grpc://127.0.0.1:1"], loadtester: [] };
  it.each(names)("%s tells unknown flags, bad values and a missing file together", async (service) => {
    const wrong = ["--lgo-level=debug", "--log-level=loud", "--management-port", "99999", "--config", "/nowhere.yaml"];
    const run = await runService(service, [...wrong, "--drain-delay=5", ...(own[service] ?? kube)]);
    const { output } = run;
    for (const problem of [
      "  unknown flag --lgo-level, did you mean --log-level?\n",
      "  --config is \"/nowhere.yaml\", expected a readable file: ENOENT: no such file or directory, open '/nowhere.yaml'\n",
      '  --log-level is "loud", expected one of: debug, info, warn, error, fatal, panic\n',
      '  --management-port is "99999", expected a port from 0 to 65535\n',
      '  --drain-delay is "5", expected a duration such as 10s or 1m30s\n',
    ]) {
      expect(output).toContain(problem);
    }
    expect(output).toMatch(new RegExp(`^${service}: 5 problems in the configuration\n`));
    expect(run.code).toBe(exitCode(service));
  });

  it.each(names)("%s tells what is wrong in the environment and in its file", async (service) => {
    const prefix = service.replaceAll("-", "_").toUpperCase();
    const settings = file(`${service}.yaml`, "shutdownTimeout: soon\nlogLvl: info\n");
    const run = await runService(service, ["--config", settings, ...(own[service] ?? kube)], {
      [`${prefix}_LOG_FORMAT`]: "xml",
    });
    expect(run.output).toMatch(
      new RegExp(`\n  ${prefix}_LOG_FORMAT is "xml", expected one of: (json, console|console, json)\n`),
    );
    expect(run.output).toContain(
      `shutdownTimeout in ${settings} is "soon", expected a duration such as 10s or 1m30s\n`,
    );
    expect(run.output).toContain("logLvl");
    expect(run.output).toContain("logLevel");
    expect(run.code).toBe(exitCode(service));
  });
});

interface Case {
  readonly service: ServiceName;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

const cases: Record<string, Case> = {
  "a Redis URL that is none, with its password hidden": {
    service: "metrics-analyzer",
    args: [...kube, "--redis-url", "http://burgee:hunter2@redis:6379"],
    problems: [`--redis-url is "***", expected ${redis}`],
  },
  "a Redis URL in the environment": {
    service: "alert-dispatcher",
    args: kube,
    env: { ALERT_DISPATCHER_REDIS_URL: "redis:6379:hunter2" },
    problems: [`ALERT_DISPATCHER_REDIS_URL is "***", expected ${redis}`],
  },
  "a Redis URL where Redis is not needed": {
    service: "flagd-proxy",
    args: [...kube, "--redis-url", "hunter2"],
    problems: [`--redis-url is "***", expected ${redis}`],
  },
  "a secret file that is missing": {
    service: "canary-controller",
    args: [...kube, "--verdict-key-file", "/nowhere.key"],
    problems: [
      "--verdict-key-file is \"/nowhere.key\", expected a readable file: ENOENT: no such file or directory, open '/nowhere.key'",
    ],
  },
  "no Kubernetes API at all": { service: "canary-controller", args: [], problems: [noKube] },
  "two Kubernetes APIs": {
    service: "admin-api",
    args: [...kube, "--kubeconfig", "/some/file"],
    problems: ["kubeServer is http://127.0.0.1:1 while kubeconfig is /some/file, expected only one of them"],
  },
  "a missing kubeconfig, a misspelt router, a bad Service and a bad address": {
    service: "canary-controller",
    args: ["--kubeconfig=/nowhere", "--mesh-provider=promethius", "--own-services=admin", "--egress-allow=10.0.0.0/33"],
    problems: [
      '--mesh-provider is "promethius", expected one of: flag, gatewayapi:v1, gatewayapi:v1beta1, istio, kubernetes',
      '--own-services is "admin", expected name.namespace or name.namespace:port',
      '--egress-allow is "10.0.0.0/33", expected an address or a CIDR such as 169.254.20.10/32',
      "kubeconfig is /nowhere, expected a readable kubeconfig file: ENOENT: no such file or directory, open '/nowhere'",
    ],
  },
  "a metrics server that is no URL and a deadline that is too long": {
    service: "metrics-analyzer",
    args: [...kube, "--metrics-server", "prometheus:9090", "--check-deadline", "1h"],
    problems: [
      '--metrics-server is "prometheus:9090", expected a URL starting with http:// or https://',
      '--check-deadline is "1h", expected a duration such as 10s or 1m30s of at least 100ms and at most 1m',
    ],
  },
  "webhooks that are no URLs, which are secrets": {
    service: "alert-dispatcher",
    args: [...kube, "--slack-url", "hooks.slack.com/hunter2"],
    env: { MSTEAMS_URL: "ftp://hunter2" },
    problems: [
      '--slack-url is "***", expected a URL starting with http:// or https://',
      'MSTEAMS_URL is "***", expected a URL starting with http:// or https://',
    ],
  },
  "a way to authenticate whose file is missing, and no API": {
    service: "admin-api",
    args: ["--auth", "tokens", "--token-file", "/nowhere"],
    problems: [
      noKube,
      "tokenFile is /nowhere, expected a readable YAML or JSON file: ENOENT: no such file or directory, open '/nowhere'",
    ],
  },
  "no authentication for everybody": {
    service: "admin-api",
    args: [...kube, "--auth", "none"],
    problems: ['auth is none while host is "", expected host 127.0.0.1, ::1 or localhost'],
  },
  "a namespace pattern that is none": {
    service: "loadtester",
    args: ["--namespace-regexp", "(", "--timeout", "0s"],
    problems: [
      '--timeout is "0s", expected a duration such as 10s or 1m30s of at least 1s',
      '--namespace-regexp is "(", expected a regular expression: Invalid regular expression: /(/: Unterminated group',
    ],
  },
  "flags from nowhere": {
    service: "flagd",
    args: [],
    problems: ["no sync implementation set: expected --uri, such as --uri file:flags.json, or --sources"],
  },
  "an unknown scheme, a broken list and certificates that are missing": {
    service: "flagd",
    args: ["-f", "ftp://flags", "-s", '[{"uri": 1}]', "-c", "/nowhere.pem", "-k", "/nowhere.key"],
    problems: [
      "[invalid_source] invalid sync uri argument: ftp://flags/, must start with one of: file:, core.openfeature.dev/, http(s)://, grpc://, grpcs://, envoy://, dns:, uds:, xds:, gs://, azblob://, s3://",
      "[invalid_source] sources[0].uri is 1, expected a string; sources[0].uri is a required field; sources[0].provider is a required field",
      "serverCertPath is \"/nowhere.pem\", expected a readable PEM file: ENOENT: no such file or directory, open '/nowhere.pem'",
      "serverKeyPath is \"/nowhere.key\", expected a readable PEM file: ENOENT: no such file or directory, open '/nowhere.key'",
    ],
  },
  "a flag file that is missing, and a FeatureFlag without an API": {
    service: "flagd",
    args: ["-f", "file:/nowhere.json", "-f", "core.openfeature.dev/shop/flags", "--management-port=0"],
    problems: [
      "source is \"file:/nowhere.json\", expected a file that can be read: ENOENT: no such file or directory, access '/nowhere.json'",
      noKube,
    ],
  },
  "a word that is no command": {
    service: "flagd-proxy",
    args: [...kube, "strat"],
    problems: ['unexpected argument "strat", expected flags only'],
  },
};

describe("a service says no to", () => {
  it.each(Object.entries(cases))("%s", async (_sentence, { service, args, env, problems }) => {
    const run = await runService(service, args, env);
    expect(run.output).toContain(told(service, problems));
    expect(run.output).not.toContain("hunter2");
    expect(run.code).toBe(exitCode(service));
  });
});
