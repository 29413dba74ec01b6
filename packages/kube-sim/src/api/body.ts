import type { IncomingMessage } from "node:http";
import { parse as parseYaml } from "yaml";
import { decodeProtobuf, protobufType } from "./protobuf/decode.ts";
import { ApiError, badRequest, unsupportedMediaType } from "./status.ts";

const limit = 3 * 1024 * 1024;

/** Reads a request's body. Throws 413 above 3 MiB, the API server's own limit. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Listening is a good deal cheaper than the iterator of a stream, and than listening once.
  return new Promise((resolve, reject) => {
    request.on("data", (bytes: Buffer) => {
      size += bytes.length;
      if (size > limit)
        reject(new ApiError(413, "RequestEntityTooLarge", `Request entity too large: limit is ${limit}`));
      else chunks.push(bytes);
    });
    request.on("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on("error", reject);
  });
}

/** The media type of a request without its parameters. */
export function mediaType(request: IncomingMessage): string {
  return (request.headers["content-type"] ?? "application/json").split(";")[0]?.trim() ?? "";
}

const decodable = ["application/json", "application/yaml", protobufType];

/** Decodes a body by its media type; an empty body is undefined. */
export function decode(body: Buffer, type: string): unknown {
  if (body.length === 0) return undefined;
  if (type === protobufType) return decodeProtobufOr400(body);
  const text = body.toString("utf8");
  if (type === "application/yaml" || type === "application/apply-patch+yaml") return decodeYaml(text);
  if (type === "application/json" || type.endsWith("+json") || type === "application/x-www-form-urlencoded") {
    return decodeJson(text);
  }
  throw unsupportedMediaType(decodable);
}

function decodeProtobufOr400(body: Buffer): unknown {
  try {
    return decodeProtobuf(body);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw badRequest(`error decoding protobuf: ${error instanceof Error ? error.message : error}`);
  }
}

function decodeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badRequest(`couldn't get version/kind; json parse error: ${cause instanceof Error ? cause.message : cause}`);
  }
}

/** JSON is YAML; it is tried first because it is faster to read and what most clients send. */
function decodeYaml(text: string): unknown {
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text);
    } catch (cause) {
      return yamlOr400(text, cause);
    }
  }
  return yamlOr400(text, undefined);
}

function yamlOr400(text: string, cause: unknown): unknown {
  try {
    // Of fields given twice the last one counts, as in JSON.
    return parseYaml(text, { uniqueKeys: false });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(cause);
    throw badRequest(`error decoding YAML: ${why}`);
  }
}
