import { kubeOptions } from "@burgee/kube/options";
import { checkTogether, type ConfigOf, defineConfig, option } from "@burgee/service-kit";
import { evaluateCommand } from "./commands/evaluate.ts";
import { lintCommand } from "./commands/lint.ts";
import { impressionOptions } from "./impression-stream/options.ts";
import { otelOptions } from "./otel-options.ts";
import { pairsOption } from "./pairs-option.ts";
import { readSources } from "./read-sources.ts";
import { readTlsFiles } from "./tls-files.ts";

const { kubeconfig, kubeContext, kubeServer, kubeServiceHost, kubeServicePort } = kubeOptions;

const flagSources = {
  uri: option.list({
    default: [],
    short: "f",
    about:
      "flag source: file:PATH, http(s)://…, grpc(s)://HOST:PORT, core.openfeature.dev/NAMESPACE/NAME, s3://BUCKET/OBJECT, gs://…, azblob://…; later ones win",
  }),
  sources: option.string({
    default: "",
    short: "s",
    about:
      'flag sources with their settings as JSON: [{"uri": "https://flags.example/f.json", "provider": "http", "interval": 30}]; they win over --uri',
  }),
};
const tlsFiles = {
  serverCertPath: option.string({ default: "", short: "c", about: "PEM certificate for evaluation and sync" }),
  serverKeyPath: option.string({ default: "", short: "k", about: "PEM key for evaluation and sync" }),
};

/** Upstream's names, environment variables, short forms and defaults; those of Kubernetes are ours. */
export const configSchema = defineConfig(
  "FLAGD",
  {
    ...flagSources,
    port: option.port({ default: 8013, short: "p", about: "evaluation: gRPC, gRPC-Web and Connect" }),
    managementPort: option.port({ default: 8014, short: "m", about: "/healthz, /readyz and /metrics" }),
    syncPort: option.port({ default: 8015, short: "g", about: "flag sync for in-process providers: flagd.sync.v1" }),
    ofrepPort: option.port({ default: 8016, short: "r", about: "evaluation over OFREP, never with TLS" }),
    socketPath: option.string({ default: "", short: "d", about: "Unix socket for evaluation instead of --port" }),
    syncSocketPath: option.string({
      default: "",
      short: "e",
      about: "Unix socket for flag sync instead of --sync-port",
    }),
    ...tlsFiles,
    corsOrigin: option.list({ default: [], short: "C", about: "origins that browsers may call from; none means all" }),
    contextValue: pairsOption({
      short: "X",
      about: "context values added to every evaluation; they win over those of the request",
    }),
    contextFromHeader: pairsOption({
      short: "H",
      about: "Header-Name=contextKey: context values taken from request headers; they win over all others",
    }),
    streamDeadline: option.duration({ default: "0s", about: "ends event and sync streams after this time; 0 never" }),
    disableSyncMetadata: option.boolean({ default: false, about: "GetMetadata of flag sync answers unimplemented" }),
    maxRequestBody: option.integer({
      default: 1_000_000,
      min: 0,
      max: 2 ** 32 - 1,
      short: "B",
      about: "largest request in bytes; 0 means no limit",
    }),
    maxRequestHeader: option.integer({
      default: 1_000_000,
      min: 0,
      max: 2 ** 31 - 1,
      short: "R",
      about: "largest headers of a request in bytes, for evaluation and OFREP; 0 means 1 MiB",
    }),
    keepAliveMinTime: option.duration({
      default: "30s",
      about: "flag sync: clients that ping more often than this are disconnected",
    }),
    keepAlivePermitWithoutStream: option.boolean({
      default: true,
      about: "flag sync: clients may ping while they have no stream open",
    }),
    logFormat: option.string({
      default: "console",
      choices: ["console", "json"],
      short: "z",
      about: "format of the log",
    }),
    debug: option.boolean({ default: false, short: "x", about: "log at level debug" }),
    ...otelOptions,
    ...impressionOptions,
    kubeconfig,
    kubeContext,
    kubeServer,
    kubeServiceHost,
    kubeServicePort,
  },
  {
    commands: ["start", "version"],
    subcommands: { lint: lintCommand, evaluate: evaluateCommand },
    badConfigExitCode: 1,
    versionLine: (version) => `flagd: ${version} (HEAD), built at: unknown`,
    managementPort: 8014,
    checks: [checkTogether(flagSources, readSources), checkTogether(tlsFiles, readTlsFiles)],
  },
);

export type FlagdConfig = ConfigOf<typeof configSchema>;
