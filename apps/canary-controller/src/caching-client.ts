// A client whose reads come from watches and whose writes are known to later reads.
import { isKubeError, type KubeClient, type KubeObject, type ObjectRef, type Resource } from "@burgee/kube";
import type { CachedReader } from "./cached-reader.ts";

/**
 * `tryGet` is answered by the reader; everything else goes to the API. The reader hears of each write: of its answer, so that no later
 * read is older, and of its failure, so that the next read asks the API whether it was done. And of reads that it has no part in.
 */
export function createCachingClient(client: KubeClient, reader: CachedReader): KubeClient {
  async function told<T extends KubeObject>(r: Resource<T>, ref: ObjectRef, write: Promise<T>): Promise<T> {
    try {
      const written = await write;
      reader.wrote(r, written);
      return written;
    } catch (error) {
      if (isKubeError(error)) reader.distrust(r, ref);
      throw error;
    }
  }
  return {
    ...client,
    tryGet: (r, { namespace, name }) => reader.tryGet(r, { namespace, name }, client),
    get(r, ref) {
      reader.unheard();
      return client.get(r, ref);
    },
    list(r, o) {
      reader.unheard();
      return client.list(r, o);
    },
    raw(method, path, body, headers) {
      reader.unheard();
      return client.raw(method, path, body, headers);
    },
    create: (r, object) => told(r, object.metadata, client.create(r, object)),
    replace: (r, object) => told(r, object.metadata, client.replace(r, object)),
    replaceStatus: (r, object) => told(r, object.metadata, client.replaceStatus(r, object)),
    patch: (r, ref, patch, o) => told(r, ref, client.patch(r, ref, patch, o)),
    apply: (r, object, o) => told(r, object.metadata, client.apply(r, object, o)),
    async delete(r, ref, o) {
      // What is deleted may stay for a while: only the API knows.
      reader.distrust(r, ref);
      await client.delete(r, ref, o);
    },
    guarded: (writableForMs) => createCachingClient(client.guarded(writableForMs), reader),
    withTimeout: (ms) => createCachingClient(client.withTimeout(ms), reader),
    onBehalfOf: (whom) => createCachingClient(client.onBehalfOf(whom), reader),
    withoutWaiting: () => createCachingClient(client.withoutWaiting(), reader),
  };
}
