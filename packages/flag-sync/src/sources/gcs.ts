import { type File, Storage } from "@google-cloud/storage";
import { isOn, parseBlobUri } from "../blob/blob-uri.ts";
import { type BlobSourceOptions, createBlobSource, type ReadBlob, timeoutOf } from "../blob/blob-source.ts";
import type { FlagSource } from "../source.ts";

/** `endpoint` is ours: the address of a private or regional entrance. The names of signing keys change nothing when an object is read. */
const options = ["anonymous", "access_id", "private_key_path", "endpoint"];
const publicEndpoint = "https://storage.googleapis.com";

/** An object of Google Cloud Storage, with the application default credentials. Throws RangeError for a bad URI. */
export function createGcsSource(o: BlobSourceOptions): FlagSource {
  const location = parseBlobUri(o.config.uri, "gs", options);
  const emulator = o.environment?.STORAGE_EMULATOR_HOST;
  const endpoint = location.options.get("endpoint") ?? (emulator === undefined ? undefined : withScheme(emulator));
  const anonymous = isOn(location, "anonymous") || location.options.get("access_id") === "-" || emulator !== undefined;
  const proxy = o.outgoingProxy === undefined ? {} : { proxy: o.outgoingProxy };
  const storage = new Storage({
    // The SDK asks anonymously at every endpoint that is not literally its own.
    apiEndpoint: endpoint ?? (anonymous ? `${publicEndpoint}:443` : publicEndpoint),
    useAuthWithCustomEndpoint: !anonymous,
    // The schedule tries again.
    retryOptions: { autoRetry: false, maxRetries: 0 },
    timeout: timeoutOf(o.config),
    // Not needed to read, and looked for at the metadata service when it is not given.
    projectId: "none",
    // The one SDK that takes no sockets of ours: it gets the proxy instead.
    // Its types forget what they were given, hence the detour.
    interceptors_: [{ request: (request) => Reflect.apply(Object.assign, undefined, [request, proxy]) }],
  });
  // The SDK leaves out the path when the variable of the emulator is set.
  storage.baseUrl = `${storage.apiEndpoint}/storage/v1`;
  const file = storage.bucket(location.bucket).file(location.object);
  const read: ReadBlob = async (version, signal) => {
    const [{ generation, etag, contentType, size }] = await file.getMetadata();
    const current = String(generation ?? etag ?? "");
    if (current !== "" && current === version) return undefined;
    const same = generation === undefined ? {} : { generation };
    const object = storage.bucket(location.bucket).file(location.object, same);
    return {
      version: current === "" ? undefined : current,
      contentType,
      size: size === undefined ? undefined : Number(size),
      content: contentOf(object, signal),
    };
  };
  return createBlobSource(o, read);
}

/** Whole, not as a stream: the SDK's stream rejects a promise that nobody can catch when it is ended early. */
async function* contentOf(object: File, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  const [bytes] = await Promise.race([object.download({ validation: false }), aborted]);
  yield bytes;
}

function withScheme(host: string): string {
  return /^https?:\/\//.test(host) ? host.replace(/\/+$/, "") : `http://${host}`;
}
