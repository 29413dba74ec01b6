import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EvaluationPair, startEvaluationPair } from "../testing/evaluation-pair.ts";
import { wireFlags } from "../testing/wire-flags.ts";

const agent = new Agent({ keepAlive: true });
let pair: EvaluationPair;
beforeAll(async () => {
  pair = await startEvaluationPair(wireFlags, { maxRequestBytes: 10_000 });
});
afterAll(async () => {
  agent.destroy();
  await pair.stop();
});

interface Call {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  /** Sent in these pieces, with their length in the headers. */
  body: readonly string[];
}

const boolean = "/flagd.evaluation.v2.Service/ResolveBoolean";

/** All that a client can see of an answer, but the time. */
async function exchange(port: number, { path = boolean, method = "POST", headers = {}, body }: Call) {
  const length = { "content-length": String(Buffer.byteLength(body.join(""))) };
  const { promise, resolve, reject } = Promise.withResolvers<object>();
  const call = request(
    { port, path, method, agent, headers: { "content-type": "application/json", ...length, ...headers } },
    (response) => {
      const rest: IncomingHttpHeaders = { ...response.headers };
      delete rest.date;
      text(response).then((answer) => resolve({ status: response.statusCode, headers: rest, body: answer }), reject);
    },
  ).on("error", reject);
  call.setNoDelay(true);
  for (const piece of body) await new Promise((written) => call.write(piece, written));
  call.end();
  return await promise;
}

async function expectSame(call: Call): Promise<object> {
  const [ours, connects] = await Promise.all([exchange(pair.fast, call), exchange(pair.connect, call)]);
  expect(ours).toEqual(connects);
  return ours;
}

const services = ["flagd.evaluation.v2", "flagd.evaluation.v1", "schema.v1"];
const methods = services.flatMap((service) =>
  ["Boolean", "String", "Float", "Int", "Object"].map((type) => `/${service}.Service/Resolve${type}`),
);
const contexts = [undefined, {}, { releaseRole: "canary" }, { deep: { list: [null, "x"] }, n: -0.1, ключ: "☃" }];

describe("the fast path answers as Connect does", () => {
  it.each(methods)("%s of every flag, with every kind of context", async (path) => {
    for (const flagKey of [...Object.keys(wireFlags.flags), "nope", ""]) {
      for (const context of contexts) {
        expect(await expectSame({ path, body: [JSON.stringify({ flagKey, context })] })).toHaveProperty("status");
      }
    }
  });

  it.each(services.slice(1))("%s for all flags", async (service) => {
    for (const context of contexts) {
      for (const headers of Object.values(headerCases)) {
        await expectSame({ path: `/${service}.Service/ResolveAll`, headers, body: [JSON.stringify({ context })] });
      }
    }
  });
});

const headerCases: Record<string, Record<string, string>> = {
  "nothing special": {},
  "a selector of a set": { "flagd-selector": "flagSetId=places" },
  "a selector of a source": { "flagd-selector": "test" },
  "a selector that cannot be read": { "flagd-selector": "colour=red" },
  "a header that goes into the context": { "burgee-release-role": "canary" },
  "a browser": { origin: "https://shop.example" },
  "gzip for the answer": { "accept-encoding": "gzip" },
  "an encoding that nobody knows": { "content-encoding": "zstd" },
  "a timeout": { "connect-timeout-ms": "500" },
  "a timeout that is malformed": { "connect-timeout-ms": "soon" },
  "the version of the protocol": { "connect-protocol-version": "1" },
  "another version of the protocol": { "connect-protocol-version": "2" },
  "a character set": { "content-type": "application/json; charset=utf-8" },
  "another type": { "content-type": "text/plain" },
};

const bodyCases: Record<string, readonly string[]> = {
  "an empty object": ["{}"],
  "two pieces": ['{"flagKey":', '"banner"}'],
  "no JSON": ['{"flagKey":'],
  "a list": ["[]"],
  null: ["null"],
  "the name as in the proto file": ['{"flag_key":"banner"}'],
  "both names": ['{"flagKey":"banner","flag_key":"echo"}'],
  "a field that nobody knows": ['{"flagKey":"banner","more":1}'],
  "a key of null": ['{"flagKey":null}'],
  "a key that is a number": ['{"flagKey":1}'],
  "a key that is half a character": ['{"flagKey":"\\ud800"}'],
  "a context of null": ['{"flagKey":"banner","context":null}'],
  "a context that is a list": ['{"flagKey":"banner","context":[]}'],
  "a context with half a character": ['{"flagKey":"banner","context":{"a":"\\ud800"}}'],
  "a key named like a prototype": ['{"flagKey":"banner","context":{"__proto__":{"releaseRole":"canary"}}}'],
  "a body that is named like a prototype": ['{"__proto__":{"flagKey":"banner"}}'],
  "a context that is nested deeply": [`{"flagKey":"banner","context":{"a":${"[".repeat(120)}${"]".repeat(120)}}}`],
  "a body over the limit": [JSON.stringify({ flagKey: "banner", context: { text: "x".repeat(10_000) } })],
};

describe("what is not plain goes to Connect", () => {
  it.each(Object.entries(headerCases))("%s", async (_, headers) => {
    for (const flagKey of ["banner", "greeting", "region", "nope"]) {
      await expectSame({ headers, body: [JSON.stringify({ flagKey, context: { a: "b" } })] });
    }
  });

  it.each(Object.entries(bodyCases))("%s", async (_, body) => {
    await expectSame({ body });
  });

  it.each(["GET", "PUT"])("%s", async (method) => {
    await expectSame({ method, body: ["{}"] });
  });
});
