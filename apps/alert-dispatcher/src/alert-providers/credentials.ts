import { type KubeClient, resources } from "@burgee/kube";
import { messageOf, redactUrl, Secret } from "@burgee/service-kit";
import { AlertError } from "../alert-error.ts";
import { isHttpUrl, type ParsedSpec } from "./provider-problems.ts";

/** The Secret's address wins over the spec's; a Secret without one is an error, as upstream has it. Rejects with AlertError. */
export async function readCredentials(
  spec: Pick<ParsedSpec, "secretName" | "address">,
  o: { readonly client: KubeClient; readonly namespace: string; readonly name: string },
): Promise<{ address: Secret; token: Secret | undefined }> {
  if (spec.secretName === undefined) return { address: new Secret(spec.address ?? ""), token: undefined };
  const where = `Secret ${o.namespace}/${spec.secretName} of AlertProvider ${o.namespace}/${o.name}`;
  const secret = await o.client
    .tryGet(resources.secrets, { namespace: o.namespace, name: spec.secretName })
    .catch((error: unknown) => {
      throw new AlertError("kubernetes_away", `cannot read ${where}: ${messageOf(error)}`);
    });
  if (secret === undefined)
    throw new AlertError("secret_missing", `${where} does not exist, expected one with the key address`);
  const read = (key: string): string | undefined => {
    const encoded = secret.data?.[key];
    return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8").trim();
  };
  const address = read("address") ?? "";
  if (address === "")
    throw new AlertError("secret_missing", `${where} has no key address, expected the URL of the receiver there`);
  if (!isHttpUrl(address)) {
    throw new AlertError(
      "secret_malformed",
      `${where}: address is ${redactUrl(address, { path: "hide" })}, expected a URL starting with http:// or https://`,
    );
  }
  const token = read("token");
  return { address: new Secret(address), token: token === undefined || token === "" ? undefined : new Secret(token) };
}
