import { create, createFileRegistry, type DescMethodUnary, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import { EmptySchema, FileDescriptorProtoSchema, file_google_protobuf_empty } from "@bufbuild/protobuf/wkt";
import type { Signal } from "./settings.ts";

const services = {
  traces: { package: "opentelemetry.proto.collector.trace.v1", name: "TraceService" },
  metrics: { package: "opentelemetry.proto.collector.metrics.v1", name: "MetricsService" },
} as const;

/**
 * OTLP's gRPC method for a signal. Its messages are declared as empty ones: OpenTelemetry's serializers have made the request
 * already, and a message keeps and writes the fields that it does not know.
 */
export function exportMethod(signal: Signal): DescMethodUnary<typeof EmptySchema, typeof EmptySchema> {
  const service = services[signal];
  const empty = `.${EmptySchema.typeName}`;
  const file = create(FileDescriptorProtoSchema, {
    name: `${signal}_service.proto`,
    package: service.package,
    syntax: "proto3",
    dependency: [file_google_protobuf_empty.proto.name],
    service: [{ name: service.name, method: [{ name: "Export", inputType: empty, outputType: empty }] }],
  });
  const registry = createFileRegistry(file, () => file_google_protobuf_empty.proto);
  const method = registry.getService(`${service.package}.${service.name}`)?.method.export;
  if (method === undefined || !isOpaqueUnary(method)) throw new TypeError(`${service.name} has no unary method Export`);
  return method;
}

function isOpaqueUnary(method: {
  readonly methodKind: string;
  readonly input: { readonly typeName: string };
}): method is DescMethodUnary<typeof EmptySchema, typeof EmptySchema> {
  return method.methodKind === "unary" && method.input.typeName === EmptySchema.typeName;
}

/** A message of bytes that are serialized already. */
export function opaqueMessage(body: Uint8Array): MessageShape<typeof EmptySchema> {
  return fromBinary(EmptySchema, body);
}
