import { expect, test } from "vitest";
import { createEgressPolicy, isLoopback } from "./egress-policy.ts";

const hosts: Record<string, boolean> = {
  "169.254.169.254": true,
  "169.254.170.2": true,
  "[fe80::1]": true,
  "::ffff:169.254.169.254": true,
  "[::ffff:a9fe:a9fe]": true,
  "fd00:ec2::254": true,
  "100.100.100.200": true,
  "Metadata.Google.Internal.": true,
  "10.0.0.1": false,
  "127.0.0.1": false,
  "[::1]": false,
  "prometheus.monitoring": false,
};
for (const [host, refused] of Object.entries(hosts)) {
  test(`${host} is ${refused ? "refused" : "let through"}`, () => {
    expect(createEgressPolicy().refuses(host) !== undefined).toBe(refused);
  });
}

test("an exception lets exactly its addresses through", () => {
  const policy = createEgressPolicy(["169.254.20.0/24", "fe80::1"]);
  expect(policy.refuses("169.254.20.10")).toBeUndefined();
  expect(policy.refuses("fe80::1")).toBeUndefined();
  expect(policy.refuses("169.254.169.254")).toBe("169.254.169.254 is a link-local or metadata address");
});

test("a bad exception says what would be right", () => {
  for (const entry of ["example.com", "10.0.0.0/33", "fe80::/x"]) {
    expect(() => createEgressPolicy([entry])).toThrow(
      `[bad_address] egressAllow has "${entry}", expected an address or a CIDR`,
    );
  }
});

test("names of this machine are loopback", () => {
  expect(["localhost", "a.localhost", "127.1.2.3", "[::1]", "::1"].every(isLoopback)).toBe(true);
  expect(["10.0.0.1", "localhost.example.com", "128.0.0.1"].some(isLoopback)).toBe(false);
});
