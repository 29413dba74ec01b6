import type { Service } from "@burgee/kube";
import { describe, expect, test } from "vitest";
import {
  alignedService,
  newService,
  revertedApex,
  type ServiceContext,
  type ServiceRole,
  servicePorts,
} from "./services.ts";
import { canaryOf } from "./testing/objects.ts";

const context = (service: Partial<ServiceContext["service"]> = {}): ServiceContext => {
  const whole = { port: 80, targetPort: 9898, ...service };
  return {
    canary: canaryOf({ service: whole }),
    service: whole,
    label: { key: "app", value: "app" },
    containers: [
      {
        name: "web",
        ports: [{ name: "http", containerPort: 9898 }, { name: "grpc", containerPort: 9999 }, { containerPort: 9797 }],
      },
      { name: "istio-proxy", ports: [{ containerPort: 15001 }] },
    ],
  };
};

describe("a generated Service", () => {
  test.each<[ServiceRole, string, string]>([
    ["canary", "app-canary", "app"],
    ["primary", "app-primary", "app-primary"],
    ["apex", "app", "app-primary"],
  ])("of the %s is called %s and selects %s", (role, name, value) => {
    const service = newService(role, context());
    expect(service.metadata.name).toBe(name);
    expect(service.spec.selector).toEqual({ app: value });
    expect(service.metadata.labels).toEqual({ app: name });
    expect(service.metadata.ownerReferences?.[0]).toMatchObject({ kind: "Canary", controller: true });
    expect(Object.keys(service.metadata.annotations ?? {})).toHaveLength(2);
  });

  test("is named after spec.service.name, carries its metadata, and may be headless", () => {
    const service = newService(
      "primary",
      context({ name: "shop", headless: true, primary: { labels: { a: "b" }, annotations: { c: "d" } } }),
    );
    expect(service.metadata).toMatchObject({
      name: "shop-primary",
      labels: { a: "b", app: "shop-primary" },
      annotations: { c: "d" },
    });
    expect(service.spec.clusterIP).toBe("None");
  });

  const ports: Record<string, { service: Partial<ServiceContext["service"]>; ports: object[] }> = {
    "the port alone": { service: {}, ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: 9898 }] },
    "the port itself as target when none is given": {
      service: { targetPort: 0, portName: "web", appProtocol: "h2c" },
      ports: [{ name: "web", protocol: "TCP", port: 80, targetPort: 80, appProtocol: "h2c" }],
    },
    "every other container port with portDiscovery": {
      service: { portDiscovery: true },
      ports: [
        { name: "http", protocol: "TCP", port: 80, targetPort: 9898 },
        { name: "tcp-web-2", protocol: "TCP", port: 9797, targetPort: 9797 },
        { name: "grpc", protocol: "TCP", port: 9999, targetPort: 9999 },
      ],
    },
    "not the port that a named target means": {
      service: { portDiscovery: true, targetPort: "http" },
      ports: [
        { name: "http", protocol: "TCP", port: 80, targetPort: "http" },
        { name: "tcp-web-2", protocol: "TCP", port: 9797, targetPort: 9797 },
        { name: "grpc", protocol: "TCP", port: 9999, targetPort: 9999 },
      ],
    },
  };
  test.each(Object.entries(ports))("has %s", (_title, row) => {
    expect(servicePorts(context(row.service))).toEqual(row.ports);
  });
});

describe("an existing Service", () => {
  const live = (o: Partial<Service["spec"]> = {}, metadata: Partial<Service["metadata"]> = {}): Service => {
    const made = newService("apex", context());
    return { ...made, metadata: { ...made.metadata, ...metadata }, spec: { ...made.spec, ...o } };
  };

  test("that fits is left alone, also with what the server filled in", () => {
    const filled = live({
      clusterIP: "10.0.0.1",
      sessionAffinity: "None",
      ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: 9898, nodePort: 30000 }],
    });
    expect(alignedService("apex", filled, context())).toBeUndefined();
  });

  test("gets ports and selector back and keeps its type and address", () => {
    const changed = live({
      type: "LoadBalancer",
      clusterIP: "10.0.0.1",
      selector: { app: "x" },
      ports: [{ name: "http", port: 80, targetPort: 1, nodePort: 30000 }],
    });
    expect(alignedService("apex", changed, context())?.spec).toEqual({
      type: "LoadBalancer",
      clusterIP: "10.0.0.1",
      selector: { app: "app-primary" },
      ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: 9898, nodePort: 30000 }],
    });
  });

  test("of ours loses foreign labels but for the unmanaged ones", () => {
    const labelled = live({}, { labels: { app: "app", foreign: "1", unmanaged: "2" } });
    const aligned = alignedService("apex", labelled, context({ unmanagedMetadata: { labels: ["unmanaged"] } }));
    expect(aligned?.metadata.labels).toEqual({ app: "app", unmanaged: "2" });
  });

  test("of a user keeps its labels and gets no owner", () => {
    const { ownerReferences: _ours, ...metadata } = live().metadata;
    const users: Service = {
      ...live({ selector: { app: "app" } }),
      metadata: { ...metadata, labels: { team: "web" }, annotations: { note: "x" } },
    };
    const aligned = alignedService("apex", users, context());
    expect(aligned?.metadata.labels).toEqual({ team: "web" });
    expect(aligned?.metadata.ownerReferences).toBeUndefined();
    expect(aligned?.metadata.annotations).toMatchObject({
      note: "x",
      "helm.toolkit.fluxcd.io/driftDetection": "disabled",
    });
  });

  test("of a user gets its selector back when the Canary goes", () => {
    const { ownerReferences: _ours, ...metadata } = live().metadata;
    const applied = JSON.stringify({ spec: { selector: { app: "app", tier: "front" } } });
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": applied };
    const users = { ...live(), metadata: { ...metadata, annotations } };
    expect(revertedApex(users, context())?.spec.selector).toEqual({ app: "app", tier: "front" });
    expect(revertedApex({ ...live(), metadata }, context())?.spec.selector).toEqual({ app: "app" });
    expect(revertedApex(live(), context())).toBeUndefined();
  });

  test.each([
    "{",
    "null",
    '{"spec":{"selector":"app"}}',
    '{"spec":{"selector":{"app":1}}}',
    '{"spec":{"selector":{}}}',
  ])("of a user selects the target's pods when the Canary goes and kubectl's annotation is %s", (applied) => {
    const { ownerReferences: _ours, ...metadata } = live().metadata;
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": applied };
    const users = { ...live(), metadata: { ...metadata, annotations } };
    expect(revertedApex(users, context())?.spec.selector).toEqual({ app: "app" });
  });
});
