// node bare-api.ts: an API without controllers; prints its URL as one line of JSON.
import { startKubeSim } from "@burgee/kube-sim";

const { url } = await startKubeSim({ controllers: false, kubelet: false, gateway: false, gatewayApi: false });
process.stdout.write(`${JSON.stringify({ url })}\n`);
