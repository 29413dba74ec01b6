import { afterAll } from "vitest";
import { type KubeSim, type KubeSimOptions, startKubeSim } from "../sim.ts";
import { type TestApi, testApi } from "./api.ts";

/** The API and nothing beside it. */
export const bare: KubeSimOptions = { controllers: false, kubelet: false, gateway: false, gatewayApi: false };

/**
 * A simulator for the tests of a file, and a client for it. Both end with the file, after what the file itself has
 * registered later and before what it has registered earlier.
 */
export async function simulated(options: KubeSimOptions = {}): Promise<{ sim: KubeSim; api: TestApi }> {
  const sim = await startKubeSim(options);
  const api = testApi(sim.url);
  afterAll(async () => {
    api.close();
    await sim.stop();
  });
  return { sim, api };
}
