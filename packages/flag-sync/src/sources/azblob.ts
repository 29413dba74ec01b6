import type { Agent } from "node:http";
import { BlobServiceClient, type StoragePipelineOptions, StorageSharedKeyCredential } from "@azure/storage-blob";
import { isOn, parseBlobUri, type BlobLocation } from "../blob/blob-uri.ts";
import { type BlobSourceOptions, createBlobSource, type ReadBlob } from "../blob/blob-source.ts";
import { createDialedAgents } from "../blob/dialed-agents.ts";
import type { FlagSource, SourceDeps } from "../source.ts";

const known = ["domain", "protocol", "cdn", "localemu", "storage_account"];
type Environment = NonNullable<SourceDeps["environment"]>;

/** A blob of Azure. Account and credentials come from the variables AZURE_*. Rejects with RangeError for a bad URI or without an account. */
export async function createAzblobSource(o: BlobSourceOptions): Promise<FlagSource> {
  const location = parseBlobUri(o.config.uri, "azblob", known);
  const service = await createService(location, o);
  const blob = service.getContainerClient(location.bucket).getBlobClient(location.object);
  const read: ReadBlob = async (version, abortSignal) => {
    try {
      const conditions = version === undefined ? {} : { ifNoneMatch: version };
      const answer = await blob.download(0, undefined, { abortSignal, conditions, maxRetryRequests: 0 });
      const { etag, contentType, contentLength, readableStreamBody } = answer;
      return { version: etag, contentType, size: contentLength, content: chunksOf(readableStreamBody) };
    } catch (error) {
      if (error instanceof Error && "statusCode" in error && error.statusCode === 304) return undefined;
      throw error;
    }
  };
  return createBlobSource(o, read);
}

/** In upstream's order: account key, shared access signature, connection string, default credentials. */
async function createService(
  location: BlobLocation,
  { dialer, environment: env = {} }: BlobSourceOptions,
): Promise<BlobServiceClient> {
  const account = accountOf(location, env);
  const url = serviceUrl(account, location, env);
  const agents = createDialedAgents(dialer);
  const pipeline: StoragePipelineOptions & { readonly agent: Agent } = {
    // The schedule tries again.
    retryOptions: { maxTries: 1 },
    agent: url.startsWith("https:") ? agents.https : agents.http,
  };
  const key = env.AZURE_STORAGE_KEY ?? "";
  if (key !== "") return new BlobServiceClient(url, new StorageSharedKeyCredential(account, key), pipeline);
  const signature = env.AZURE_STORAGE_SAS_TOKEN ?? "";
  if (signature !== "") return new BlobServiceClient(`${url}?${signature.replace(/^\?/, "")}`, undefined, pipeline);
  const connection = env.AZURE_STORAGE_CONNECTION_STRING ?? env.AZURE_STORAGEBLOB_CONNECTIONSTRING ?? "";
  if (connection !== "") return BlobServiceClient.fromConnectionString(connection, pipeline);
  const { DefaultAzureCredential } = await import("@azure/identity");
  return new BlobServiceClient(url, new DefaultAzureCredential(), pipeline);
}

function accountOf({ options }: BlobLocation, env: Environment): string {
  const account = env.AZURE_STORAGE_ACCOUNT ?? "";
  if (account === "") throw new RangeError("environment variable AZURE_STORAGE_ACCOUNT not set or is blank");
  if (/\s/.test(account)) throw new RangeError("environment variable AZURE_STORAGE_ACCOUNT contains whitespace");
  return options.get("storage_account") ?? account;
}

function serviceUrl(account: string, location: BlobLocation, env: Environment): string {
  const { options } = location;
  const domain = options.get("domain") ?? env.AZURE_STORAGE_DOMAIN ?? "blob.core.windows.net";
  const protocol = options.get("protocol") ?? env.AZURE_STORAGE_PROTOCOL ?? "https";
  if (protocol !== "https" && protocol !== "http")
    throw new RangeError(`protocol is "${protocol}", expected http or https`);
  const isOnHere = (option: string, variable: string): boolean =>
    options.has(option) ? isOn(location, option) : /^(1|t|true)$/i.test(env[variable] ?? "");
  const isEmulator = isOnHere("localemu", "AZURE_STORAGE_IS_LOCAL_EMULATOR");
  if (/^(127\.0\.0\.1|localhost)/.test(domain) || isEmulator) return `${protocol}://${domain}/${account}`;
  return isOnHere("cdn", "AZURE_STORAGE_IS_CDN") ? `${protocol}://${domain}` : `${protocol}://${account}.${domain}`;
}

async function* chunksOf(stream: NodeJS.ReadableStream | undefined): AsyncIterable<Uint8Array | string> {
  if (stream !== undefined) yield* stream;
}
