import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { createCors } from "./cors.ts";

function request(method: string, headers: Record<string, string>): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  message.method = method;
  Object.assign(message.headers, headers);
  return message;
}

const allowed: [configured: string[], origin: string, answer: string | undefined][] = [
  [[], "https://a.example", "*"],
  [["*"], "https://a.example", "*"],
  [["https://a.example"], "https://A.example", "https://A.example"],
  [["https://a.example"], "https://b.example", undefined],
  [["https://*.example"], "https://shop.example", "https://shop.example"],
  [["https://*.example"], "https://shop.example.evil", undefined],
  [["https://a.example", "http://b"], "http://b", "http://b"],
];

describe("cross-origin rules", () => {
  it.each(allowed)("with %j the origin %s gets %s", (configured, origin, answer) => {
    const { headers } = createCors(configured)(request("POST", { origin }));
    expect(headers["access-control-allow-origin"]).toBe(answer);
    expect(headers.vary).toBe("Origin");
  });

  it("exposes the headers that clients of all protocols need", () => {
    const { headers } = createCors([])(request("POST", { origin: "https://a" }));
    expect(headers["access-control-expose-headers"]).toContain("Grpc-Status");
  });

  it("tells a preflight from an ordinary OPTIONS", () => {
    const cors = createCors([]);
    expect(cors(request("OPTIONS", { origin: "https://a" })).preflight).toBe(false);
    expect(cors(request("OPTIONS", { origin: "https://a", "access-control-request-method": "POST" })).preflight).toBe(
      true,
    );
  });

  it("adds nothing for callers that are no browsers", () => {
    expect(createCors([])(request("POST", {}))).toEqual({ preflight: false, headers: { vary: "Origin" } });
  });
});
