import { GetObjectCommand, S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { createDialedAgents } from "../blob/dialed-agents.ts";
import { type BlobLocation, isOn, parseBlobUri } from "../blob/blob-uri.ts";
import { type BlobSourceOptions, createBlobSource, type ReadBlob } from "../blob/blob-source.ts";
import type { FlagSource } from "../source.ts";

const options = [
  "region",
  "endpoint",
  "use_path_style",
  "s3ForcePathStyle",
  "disable_https",
  "anonymous",
  "profile",
  "accelerate",
  "dualstack",
  "fips",
];
/** Upstream's driver knows them; they change nothing when an object is read. */
const withoutEffect = ["awssdk", "hostname_immutable", "rate_limiter_capacity", "ssetype", "kmskeyid"];

/** An object of S3 or of a store that speaks its protocol, with the default credentials of AWS. Throws RangeError for a bad URI. */
export function createS3Source(o: BlobSourceOptions): FlagSource {
  const location = parseBlobUri(o.config.uri, "s3", [...options, ...withoutEffect]);
  const { http, https } = createDialedAgents(o.dialer);
  const client = new S3Client({
    ...clientConfig(location),
    requestHandler: { httpAgent: http, httpsAgent: https },
    // The schedule tries again.
    maxAttempts: 1,
  });
  const read: ReadBlob = async (version, abortSignal) => {
    const command = new GetObjectCommand({
      Bucket: location.bucket,
      Key: location.object,
      ...(version === undefined ? {} : { IfNoneMatch: version }),
    });
    try {
      const { Body, ETag, ContentType, ContentLength } = await client.send(command, { abortSignal });
      const content = Body?.transformToWebStream() ?? new ReadableStream<Uint8Array>();
      return { version: ETag, contentType: ContentType, size: ContentLength, content };
    } catch (error) {
      if (isNotModified(error)) return undefined;
      throw error;
    }
  };
  return createBlobSource(o, read);
}

function clientConfig(location: BlobLocation): S3ClientConfig {
  const region = location.options.get("region");
  const profile = location.options.get("profile");
  const endpoint = location.options.get("endpoint");
  const scheme = isOn(location, "disable_https") ? "http" : "https";
  return {
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint: /^https?:/.test(endpoint) ? endpoint : `${scheme}://${endpoint}` }),
    tls: scheme === "https",
    forcePathStyle: isOn(location, "use_path_style", "s3ForcePathStyle"),
    useAccelerateEndpoint: isOn(location, "accelerate"),
    useDualstackEndpoint: isOn(location, "dualstack"),
    useFipsEndpoint: isOn(location, "fips"),
    ...(isOn(location, "anonymous") ? { signer: { sign: async (request) => request } } : {}),
  };
}

function isNotModified(error: unknown): boolean {
  if (!(error instanceof Error) || !("$metadata" in error)) return false;
  const { $metadata: metadata } = error;
  return typeof metadata === "object" && metadata !== null && Reflect.get(metadata, "httpStatusCode") === 304;
}
