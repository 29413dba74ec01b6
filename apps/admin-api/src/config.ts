import { busOptions } from "@burgee/event-bus";
import { kubeAccessCheck, kubeOptions } from "@burgee/kube";
import { checkTogether, defineConfig, option } from "@burgee/service-kit";
import { checkAuthentication } from "./auth/create-authenticator.ts";

const whoMayCall = {
  host: option.string({ default: "", about: "address to listen on; empty means all" }),
  auth: option.string({
    default: "kubernetes",
    choices: ["kubernetes", "tokens", "none"],
    about:
      "kubernetes: the cluster's tokens and rights; tokens: those in tokenFile; none: everybody, on a loopback host only",
  }),
  tokenFile: option.string({
    optional: true,
    about:
      "YAML or JSON with tokens: [{name, role: viewer|operator|admin, sha256, namespaces?}]; read again when it changes",
  }),
};

/** Everything that can be set. */
export const configSchema = defineConfig(
  "ADMIN_API",
  {
    ...busOptions,
    ...kubeOptions,
    port: option.port({ default: 8090, about: "REST API and event stream" }),
    ...whoMayCall,
    tokenAudiences: option.list({
      default: [],
      about: "audiences that a cluster token must be for; empty means the API server's own",
    }),
    hookToken: option.secret({
      optional: true,
      about:
        "token that the controller adds to hooks at this service; with it POST /api/flags believes the payload's namespace",
    }),
    heartbeat: option.duration({
      default: "15s",
      min: "100ms",
      about: "time between two signs of life on an event stream without events",
    }),
  },
  { managementPort: 8091, checks: [kubeAccessCheck, checkTogether(whoMayCall, checkAuthentication)] },
);
