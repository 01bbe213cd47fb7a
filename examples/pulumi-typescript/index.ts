import * as pulumi from "@pulumi/pulumi";
import * as dbaas from "@pulumi/dbaas";

const config = new pulumi.Config();

const orders = new dbaas.DatabaseInstance("orders", {
    name: "orders",
    engine: dbaas.Engine.PostgreSql,
    engineVersion: "18",
    region: config.get("region") ?? "local-a",
    cpu: 2,
    memoryGib: 2,
    storageGib: config.getNumber("storageGib") ?? 20,
    allowedCidrs: ["127.0.0.0/8"],
    databases: ["orders"],
    parameters: { work_mem: "8MB" },
    changePolicy: dbaas.ChangePolicy.Window,
    maintenanceWindow: { day: dbaas.Weekday.Sunday, startTime: "03:30" },
    deletionProtection: true,
}, { protect: true, customTimeouts: { create: "15m" } });

export const endpoint = orders.endpoint;
export const monthlyCost = orders.monthlyCostEstimate;
