import { FileAuth } from "@kubernetes/client-node/dist/file_auth.js";
import type { ClusterAccess } from "./connection.ts";

/** A bearer token in a file, read again every minute (kubelets rotate it) and after the server refused it. */
export function tokenFileSource(tokenFile: string): Pick<ClusterAccess, "credentials" | "forget"> {
  const user = { name: "token file", authProvider: { config: { tokenFile } } };
  let auth = new FileAuth();
  return {
    async credentials() {
      const headers: Record<string, string> = {};
      await auth.applyAuthentication(user, { headers });
      return { headers: trimmed(headers), tls: {} };
    },
    forget() {
      auth = new FileAuth();
    },
  };
}

/** Token files end in a newline, which no header may hold. */
function trimmed(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.trim()]));
}
