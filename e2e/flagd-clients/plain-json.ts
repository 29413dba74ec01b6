import { type Answer, type ClientKind, failed, type Question } from "./client.ts";
import { suffixOf } from "./plain-grpc.ts";

/** The bytes that curl would send, over HTTP/1.1. */
export function plainJson(service: "flagd.evaluation.v1" | "flagd.evaluation.v2" | "schema.v1"): ClientKind {
  return {
    name: `JSON over HTTP, ${service}`,
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
export const plainOfrep: ClientKind = {
  name: "JSON over HTTP, OFREP",
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
export const plainOfrepBulk: ClientKind = {
  name: "JSON over HTTP, OFREP for all flags",
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

async function post(url: string, body: object): Promise<Record<string, unknown>> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  return Object(await response.json());
}

/** How providers read the codes of Connect. */
const codes: Readonly<Record<string, string>> = {
  unknown: "GENERAL",
  invalid_argument: "TYPE_MISMATCH",
  not_found: "FLAG_NOT_FOUND",
  data_loss: "PARSE_ERROR",
};
