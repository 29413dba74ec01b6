import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Answer, type ClientKind, failed, type Question } from "./client.ts";
import { suffixOf } from "./plain-grpc.ts";

const run = promisify(execFile);

/** curl, as users try flagd by hand. */
export function curlJson(service: "flagd.evaluation.v1" | "flagd.evaluation.v2" | "schema.v1"): ClientKind {
  return {
    name: `curl, ${service}`,
    open: async ({ ports }) => ({
      async ask(question) {
        const { key, fallback, context = {} } = question;
        const url = `http://127.0.0.1:${ports.evaluation}/${service}.Service/Resolve${suffixOf(fallback)}`;
        const reply = await post(url, { flagKey: key, context });
        const code = String(reply.code);
        return "code" in reply ? failed(question, codes[code] ?? code) : answerOf(question, reply);
      },
      close: async () => {},
    }),
  };
}

/** OFREP's question for one flag, without a provider. */
export const curlOfrep: ClientKind = {
  name: "curl, OFREP",
  open: async ({ ports }) => ({
    async ask(question) {
      const { key, context = {} } = question;
      const url = `http://127.0.0.1:${ports.ofrep}/ofrep/v1/evaluate/flags/${encodeURIComponent(key)}`;
      const reply = await post(url, { context });
      return "errorCode" in reply ? failed(question, String(reply.errorCode)) : answerOf(question, reply);
    },
    close: async () => {},
  }),
};

/** OFREP's question for all flags. */
export const curlOfrepBulk: ClientKind = {
  name: "curl, OFREP for all flags",
  open: async ({ ports }) => ({
    async ask(question) {
      const { key, context = {} } = question;
      const { flags } = await post(`http://127.0.0.1:${ports.ofrep}/ofrep/v1/evaluate/flags`, { context });
      const items = Array.isArray(flags) ? flags : [];
      const item: unknown = items.find((flag: unknown) => Reflect.get(Object(flag), "key") === key);
      if (item === undefined) return failed(question, "FLAG_NOT_FOUND");
      const reply = Object(item);
      return "errorCode" in reply ? failed(question, String(reply.errorCode)) : answerOf(question, reply);
    },
    close: async () => {},
  }),
};

function answerOf({ fallback }: Question, { value = fallback, reason, variant }: Record<string, unknown>): Answer {
  return { value, reason: String(reason), variant: variant === undefined ? undefined : String(variant) };
}

/** Runs curl without the settings of this machine: neither its configuration file nor its proxies. */
async function post(url: string, body: object): Promise<Record<string, unknown>> {
  const json = ["-H", "Content-Type: application/json", "-d", JSON.stringify(body)];
  const { stdout } = await run("curl", ["-q", "--noproxy", "*", "-sS", "-X", "POST", ...json, url]);
  return Object(JSON.parse(stdout));
}

/** How providers read the codes of Connect. */
const codes: Readonly<Record<string, string>> = {
  unknown: "GENERAL",
  invalid_argument: "TYPE_MISMATCH",
  not_found: "FLAG_NOT_FOUND",
  data_loss: "PARSE_ERROR",
};
