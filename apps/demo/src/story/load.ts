import { Agent, request } from "node:http";

/** One answered or failed request, as a visitor sees it. */
export interface Visit {
  readonly at: number;
  /** False for a 5xx answer and for a connection that broke. */
  readonly ok: boolean;
  readonly version?: string;
  readonly releaseRole?: string;
  readonly newCheckout?: boolean;
}

export interface Load {
  /** Visits since a time (epoch milliseconds). */
  since(at: number): Visit[];
  total(): number;
  failed(): number;
  stop(): void;
}

const ratePerSecond = 40;

/** Visits a host through the gateway at a steady rate, whatever the answers take. */
export function startLoad(gateway: { host: string; port: number }, host: string): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const visits: Visit[] = [];
  const record = (visit: Omit<Visit, "at">) => visits.push({ at: Date.now(), ...visit });

  const visit = () => {
    const call = request({ ...gateway, agent, path: "/", headers: { host }, timeout: 5_000 }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => record({ ok: (response.statusCode ?? 500) < 500, ...parseAnswer(body) }));
      response.on("error", () => record({ ok: false }));
    });
    call.on("timeout", () => call.destroy(new Error("no answer within 5 s")));
    call.on("error", () => record({ ok: false }));
    call.end();
  };
  const timer = setInterval(visit, 1000 / ratePerSecond);

  return {
    since: (at) => visits.slice(firstIndexSince(visits, at)),
    total: () => visits.length,
    failed: () => visits.filter(({ ok }) => !ok).length,
    stop: () => {
      clearInterval(timer);
      agent.destroy();
    },
  };
}

function firstIndexSince(visits: readonly Visit[], at: number): number {
  const index = visits.findIndex((visit) => visit.at >= at);
  return index < 0 ? visits.length : index;
}

function parseAnswer(body: string): Partial<Visit> {
  try {
    const { version, releaseRole, newCheckout } = JSON.parse(body);
    return { version: String(version), releaseRole: String(releaseRole), newCheckout: newCheckout === true };
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
