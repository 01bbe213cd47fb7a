# A PostgreSQL database in one apply. Connect with: dbaas connect orders
terraform {
  required_providers {
    dbaas = {
      source = "dbaas.internal/dbaas/dbaas"
    }
  }
}

# Endpoint, API key and authority come from `eval "$(bin/dbaas env)"` or from the profile `make up` writes.
provider "dbaas" {}

resource "dbaas_database_instance" "orders" {
  name   = "orders"
  engine = "postgresql"

  cpu         = 1
  memory_gib  = 1
  storage_gib = 10

  # On one machine everything talks through 127.x.y.z.
  allowed_cidrs = ["127.0.0.0/8"]
  databases     = ["orders"]

  # The platform refuses to delete an instance while deletion_protection is on, which it is by default. For databases that matter,
  # let Terraform refuse as well:
  # lifecycle {
  #   prevent_destroy = true
  # }
}

output "id" {
  value = dbaas_database_instance.orders.id
}

output "endpoint" {
  description = "Where clients connect. It never changes for the life of the instance."
  value       = dbaas_database_instance.orders.endpoint
}

output "version" {
  value = dbaas_database_instance.orders.actual_version
}
