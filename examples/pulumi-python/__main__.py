"""A PostgreSQL for the order service."""

import pulumi
import pulumi_dbaas as dbaas

config = pulumi.Config()

orders = dbaas.DatabaseInstance(
    "orders",
    name="orders",
    engine=dbaas.Engine.POSTGRE_SQL,
    engine_version="18",
    region=config.get("region") or "local-a",
    cpu=2,
    memory_gib=2,
    storage_gib=config.get_int("storageGib") or 20,
    allowed_cidrs=["127.0.0.0/8"],
    databases=["orders"],
    parameters={"work_mem": "8MB"},
    change_policy=dbaas.ChangePolicy.WINDOW,
    maintenance_window=dbaas.MaintenanceWindowArgs(day=dbaas.Weekday.SUNDAY, start_time="03:30"),
    deletion_protection=True,
    opts=pulumi.ResourceOptions(
        protect=True,
        custom_timeouts=pulumi.CustomTimeouts(create="15m"),
    ),
)

pulumi.export("endpoint", orders.endpoint)
pulumi.export("monthlyCost", orders.monthly_cost_estimate)
