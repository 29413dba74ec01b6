import { create, toBinary } from "@bufbuild/protobuf";
import {
  ResolveAllRequestSchema,
  ResolveBooleanRequestSchema,
} from "@burgee/contracts/gen/flagd/evaluation/v1/evaluation_pb";
import { askedKey, contexts } from "./flags.ts";
import { openHttp1 } from "./http1-connection.ts";
import { openHttp2 } from "./http2-connection.ts";
import type { Connection } from "./load.ts";

/** Where a server listens. */
export interface Ports {
  /** gRPC. */
  readonly grpc: number;
  /** Connect over HTTP/1.1; the same port in a real flagd. */
  readonly json: number;
  readonly ofrep: number;
}

/** One kind of call: how to load a server with it, and over plain HTTP what it answers. */
export interface Call {
  readonly open: (ports: Ports) => Connection[];
  /** All answers, to compare servers before they are measured. */
  readonly answers: (ports: Ports) => Promise<readonly unknown[]>;
}

const single = "/flagd.evaluation.v1.Service/ResolveBoolean";
const all = "/flagd.evaluation.v1.Service/ResolveAll";
const json = { "content-type": "application/json" };

const questions = contexts.map((context) => ({ flagKey: askedKey, context }));
const singleJson: Http1Shape = { port: "json", path: single, bodies: questions.map(toJson) };
const bulkJson: Http1Shape = { port: "json", path: all, bodies: contexts.map((context) => toJson({ context })) };
const ofrep = "/ofrep/v1/evaluate/flags";

export const calls = {
  grpc: http2(
    single,
    questions.map((question) => toBinary(ResolveBooleanRequestSchema, create(ResolveBooleanRequestSchema, question))),
    singleJson,
  ),
  json: http1(singleJson),
  ofrep: http1({ ...bulkJson, port: "ofrep", path: `${ofrep}/${askedKey}` }),
  grpcBulk: http2(
    all,
    contexts.map((context) => toBinary(ResolveAllRequestSchema, create(ResolveAllRequestSchema, { context }))),
    bulkJson,
  ),
  jsonBulk: http1(bulkJson),
  ofrepBulk: http1({ ...bulkJson, port: "ofrep", path: ofrep }),
} satisfies Record<string, Call>;

export type CallName = keyof typeof calls;

interface Http1Shape {
  readonly port: keyof Ports;
  readonly path: string;
  readonly bodies: readonly Buffer[];
}

function toJson(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** 32 connections with one request each at a time. */
function http1({ port, path, bodies }: Http1Shape): Call {
  return {
    open: (ports) => Array.from({ length: 32 }, () => openHttp1({ port: ports[port], path, headers: json, bodies })),
    async answers(ports) {
      const url = `http://127.0.0.1:${ports[port]}${path}`;
      const ask = async (body: Buffer): Promise<unknown> =>
        (await fetch(url, { method: "POST", headers: json, body: new Uint8Array(body) })).json();
      return await Promise.all(bodies.map(ask));
    },
  };
}

/** Four connections with 16 calls each at a time, each call with a deadline. Answers are compared in JSON. */
function http2(path: string, messages: readonly Uint8Array[], shape: Http1Shape): Call {
  const bodies = messages.map(inEnvelope);
  return {
    open: ({ grpc }) =>
      Array.from({ length: 4 }, () => openHttp2({ port: grpc, concurrency: 16, bodies, headers: grpcHeaders(path) })),
    answers: http1(shape).answers,
  };
}

function grpcHeaders(path: string): (readonly [string, string])[] {
  return [
    [":method", "POST"],
    [":scheme", "http"],
    [":path", path],
    [":authority", "bench"],
    ["content-type", "application/grpc"],
    ["te", "trailers"],
    ["user-agent", "bench"],
    ["grpc-timeout", "60S"],
  ];
}

function inEnvelope(message: Uint8Array): Buffer {
  const bytes = Buffer.alloc(5 + message.length);
  bytes.writeUInt32BE(message.length, 1);
  bytes.set(message, 5);
  return bytes;
}
