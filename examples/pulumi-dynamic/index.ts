import * as pulumi from "@pulumi/pulumi";
import { RestInstance } from "./restInstance";

const config = new pulumi.Config();

const orders = new RestInstance("orders", {
    name: "orders-dynamic",
    engine: "postgresql",
    engineVersion: "18",
    region: config.get("region") ?? "local-a",
    cpu: 1,
    memoryGib: 1,
    storageGib: config.getNumber("storageGib") ?? 5,
    allowedCidrs: ["127.0.0.0/8"],
    databases: ["orders"],
    // A dynamic provider can do no better than the service: it refuses to delete while this is on.
    deletionProtection: true,
}, { protect: true });

export const endpoint = orders.endpoint;
export const status = orders.status;
