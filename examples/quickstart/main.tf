# The first databases, one of each engine. `make up` applies this; by hand:
#
#   eval "$(bin/dbaas env)"
#   terraform init && terraform apply

terraform {
  required_providers {
    dbaas = {
      source = "dbaas.internal/dbaas/dbaas"
    }
  }
}

# Endpoint, authority and key come from DBAAS_ENDPOINT, DBAAS_CA_FILE and DBAAS_API_KEY.
provider "dbaas" {}

resource "dbaas_database_instance" "quickstart" {
  name           = "quickstart"
  engine         = "postgresql"
  engine_version = "18"
  region         = "local-a"

  cpu         = 1
  memory_gib  = 1
  storage_gib = 5

  # Who may connect. Nobody, when left out; this box itself here.
  allowed_cidrs = ["127.0.0.0/8"]
  databases     = ["app"]

  parameters = {
    work_mem = "8MB"
  }

  # Switch it off in one apply before a later one may destroy the database.
  deletion_protection = true
}

resource "dbaas_database_instance" "quickstart_mysql" {
  name           = "quickstart-mysql"
  engine         = "mysql"
  engine_version = "9.7"
  region         = "local-a"

  cpu         = 1
  memory_gib  = 1.5
  storage_gib = 5

  allowed_cidrs = ["127.0.0.0/8"]
  databases     = ["app"]

  parameters = {
    sort_buffer_size = "512K"
  }

  deletion_protection = true
}

output "endpoints" {
  value = {
    postgresql = dbaas_database_instance.quickstart.endpoint
    mysql      = dbaas_database_instance.quickstart_mysql.endpoint
  }
}
