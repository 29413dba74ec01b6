import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { Transport } from "@connectrpc/connect";
import type { TlsOptions } from "../connector.ts";
import type { Dialer } from "../dialer.ts";
import { messageOf } from "../kit-error.ts";
import type { Logger } from "../log.ts";
import { exportMethod, opaqueMessage } from "./export-method.ts";
import type { OtlpSettings, Signal, TlsFiles } from "./settings.ts";

/** Sends serialized export requests of one signal. */
export interface OtlpSender {
  /** Rejects when the collector did not take it; says so in the log once per outage. */
  send(body: Uint8Array): Promise<void>;
}

/** Where one signal goes, and through what. */
export interface OtlpSenderOptions {
  readonly signal: Signal;
  readonly settings: OtlpSettings;
  readonly dialer: Dialer;
  readonly log: Logger;
}

/** Exports through our dialer, so that telemetry obeys the same proxy and egress policy as every other call. */
export function createOtlpSender({ signal, settings, dialer, log }: OtlpSenderOptions): OtlpSender {
  const tls = createTlsReader(settings);
  const deliver = settings.protocol === "grpc" ? viaGrpc(signal, settings, dialer) : viaHttp(settings, dialer);
  let failing = false;
  return {
    async send(body) {
      try {
        // The export itself must not be traced.
        await context.with(suppressTracing(context.active()), async () => deliver(body, await tls()));
        failing = false;
      } catch (error) {
        // Said once per outage: what is lost is not worth a line each.
        if (!failing)
          log.warn(
            { err: error, signal },
            `${signal} cannot be exported; they are dropped until the collector is back`,
          );
        failing = true;
        throw error instanceof Error ? error : new Error(messageOf(error));
      }
    },
  };
}

type Deliver = (body: Uint8Array, tls: TlsOptions) => Promise<void>;

function viaHttp(o: OtlpSettings, dialer: Dialer): Deliver {
  const headers = {
    "content-type": "application/x-protobuf",
    ...(o.gzip && { "content-encoding": "gzip" }),
    ...o.headers,
  };
  return async (body, tls) => {
    const answer = await dialer.fetch(o.url, {
      method: "POST",
      headers,
      body: o.gzip ? gzipSync(body) : body,
      timeoutMs: o.timeoutMs,
      ...(o.url.startsWith("https:") && { tls }),
    });
    if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
  };
}

function viaGrpc(signal: Signal, o: OtlpSettings, dialer: Dialer): Deliver {
  const method = exportMethod(signal);
  let open: { readonly tls: TlsOptions; readonly transport: Transport } | undefined;
  return async (body, tls) => {
    // The connection is kept as long as its certificates are the same object.
    if (open?.tls !== tls) open = { tls, transport: dialer.grpcTransport(o.url, { tls, gzip: o.gzip }) };
    await open.transport.unary(method, undefined, o.timeoutMs, o.headers, opaqueMessage(body));
  };
}

/** The TLS files' contents, read again when they are older than the reload interval; the same object while nothing changed. */
function createTlsReader({ files, reloadMs }: Pick<OtlpSettings, "files" | "reloadMs">): () => Promise<TlsOptions> {
  let known: { readonly at: number; readonly tls: TlsOptions } | undefined;
  return async () => {
    if (known !== undefined && performance.now() - known.at < reloadMs) return known.tls;
    const tls = await readTls(files);
    const same = known !== undefined && JSON.stringify(known.tls) === JSON.stringify(tls);
    known = { at: performance.now(), tls: same && known !== undefined ? known.tls : tls };
    return known.tls;
  };
}

async function readTls({ ca, cert, key }: TlsFiles): Promise<TlsOptions> {
  const [caText, certText, keyText] = await Promise.all(
    [ca, cert, key].map(async (path) => (path === undefined ? undefined : readFile(path, "utf8"))),
  );
  return {
    ...(caText !== undefined && { ca: caText }),
    ...(certText !== undefined && { cert: certText }),
    ...(keyText !== undefined && { key: keyText }),
  };
}
