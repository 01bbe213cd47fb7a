-- The metadata of the platform. Three roles:
--   the owner      runs migrations and nothing else;
--   dbaas_app      acts for one tenant at a time: row-level security by the setting dbaas.tenant;
--   dbaas_platform works across tenants through policies of its own (never BYPASSRLS).
-- Every tenant-owned table carries tenant_id and is closed by dbaas_protect(). Ids are text as in the API.

-- The tenant of the running transaction. The setting reads '' once it was set in an earlier transaction of the same connection,
-- so unset and empty are one case, and both raise: a forgotten tenant must never look like "no rows".
CREATE FUNCTION dbaas_tenant() RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  tenant text := current_setting('dbaas.tenant', true);
BEGIN
  IF tenant IS NULL OR tenant = '' THEN
    RAISE EXCEPTION 'no tenant is set in this transaction' USING ERRCODE = 'DB001',
      HINT = 'Open the transaction through ITenantTransactions, or work across tenants through IPlatformTransactions.';
  END IF;
  RETURN tenant;
END $$;

-- Closes a tenant-owned table: forced row-level security with one policy for each role.
CREATE FUNCTION dbaas_protect(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY own_tenant ON %s TO dbaas_app USING (tenant_id = dbaas_tenant()) WITH CHECK (tenant_id = dbaas_tenant())', target);
  EXECUTE format('CREATE POLICY across_tenants ON %s TO dbaas_platform USING (true) WITH CHECK (true)', target);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO dbaas_app, dbaas_platform', target);
END $$;

-- Tenancy and identity ---------------------------------------------------------------------------------------------------------

CREATE TABLE tenant (
  tenant_id   text PRIMARY KEY,
  name        text NOT NULL UNIQUE,
  created_at  timestamptz NOT NULL,
  version     bigint NOT NULL DEFAULT 1
);

CREATE TABLE quota (
  tenant_id    text PRIMARY KEY REFERENCES tenant,
  instances    integer NOT NULL CHECK (instances >= 0),
  cpu          double precision NOT NULL CHECK (cpu >= 0),
  memory_gib   double precision NOT NULL CHECK (memory_gib >= 0),
  storage_gib  integer NOT NULL CHECK (storage_gib >= 0),
  version      bigint NOT NULL DEFAULT 1
);

-- tenant_id is the tenant that made the principal; what it may do, and where, is in binding.
CREATE TABLE principal (
  principal_id  text PRIMARY KEY,
  tenant_id     text NOT NULL REFERENCES tenant,
  kind          text NOT NULL CHECK (kind IN ('api_key', 'user', 'service')),
  name          text NOT NULL,
  created_at    timestamptz NOT NULL,
  version       bigint NOT NULL DEFAULT 1
);

CREATE TABLE api_key (
  api_key_id    text PRIMARY KEY,
  tenant_id     text NOT NULL REFERENCES tenant,
  principal_id  text NOT NULL REFERENCES principal,
  name          text NOT NULL,
  prefix        text NOT NULL UNIQUE,
  secret_hash   bytea NOT NULL,
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz,
  revoked_at    timestamptz,
  last_used_at  timestamptz,
  version       bigint NOT NULL DEFAULT 1
);
CREATE INDEX ON api_key (tenant_id, api_key_id);

-- Roles are data of the platform: an administrator may add his own.
CREATE TABLE role (
  role_id      text PRIMARY KEY,
  scope        text NOT NULL CHECK (scope IN ('tenant', 'platform')),
  description  text NOT NULL
);
CREATE TABLE role_right (
  role_id  text NOT NULL REFERENCES role ON DELETE CASCADE,
  "right"  text NOT NULL CHECK ("right" ~ '^[a-z][a-z-]*:[a-z]+$'),
  PRIMARY KEY (role_id, "right")
);

-- tenant_id NULL is a binding to the platform itself; resource_id narrows a binding to one resource.
CREATE TABLE binding (
  binding_id    text PRIMARY KEY,
  tenant_id     text REFERENCES tenant,
  principal_id  text NOT NULL REFERENCES principal ON DELETE CASCADE,
  role_id       text NOT NULL REFERENCES role,
  resource_id   text,
  created_at    timestamptz NOT NULL,
  UNIQUE NULLS NOT DISTINCT (principal_id, role_id, tenant_id, resource_id)
);

-- The platform's own --------------------------------------------------------------------------------------------------------------

CREATE TABLE host (
  host_id               text PRIMARY KEY,
  region                text NOT NULL,
  address               text NOT NULL,
  state                 text NOT NULL CHECK (state IN ('online', 'unreachable')),
  daemon_version        text NOT NULL DEFAULT '',
  facts                 jsonb NOT NULL DEFAULT '{}',
  endpoint_range        text NOT NULL,
  key_service_endpoint  text NOT NULL,
  enrolled_at           timestamptz NOT NULL,
  last_seen_at          timestamptz,
  version               bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX ON host (region, address);

CREATE TABLE region_state (
  region      text PRIMARY KEY,
  available   boolean NOT NULL,
  note        text NOT NULL DEFAULT '',
  updated_at  timestamptz NOT NULL
);

-- amount is for one unit of the dimension and hour: cpu (core), memory (GiB), storage (GiB). Currency is ISO 4217.
CREATE TABLE price (
  region      text NOT NULL,
  dimension   text NOT NULL CHECK (dimension IN ('cpu', 'memory', 'storage')),
  valid_from  timestamptz NOT NULL,
  amount      numeric(20, 10) NOT NULL CHECK (amount >= 0),
  currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  PRIMARY KEY (region, dimension, valid_from)
);

-- Keys ------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE customer_key (
  key_id      text PRIMARY KEY,
  tenant_id   text NOT NULL REFERENCES tenant,
  alias       text NOT NULL,
  arn         text NOT NULL,
  endpoint    text NOT NULL,
  region      text NOT NULL,
  is_default  boolean NOT NULL,
  state       text NOT NULL CHECK (state IN ('enabled', 'disabled', 'pending_deletion', 'unreachable')),
  created_at  timestamptz NOT NULL,
  version     bigint NOT NULL DEFAULT 1,
  UNIQUE (tenant_id, alias)
);
CREATE UNIQUE INDEX ON customer_key (tenant_id, region) WHERE is_default;

-- owner_id is the resource whose data the key protects (ins_, vol_ …); several keys per owner, one that is not retired per purpose.
CREATE TABLE wrapped_key (
  wrapped_key_id  text PRIMARY KEY,
  tenant_id       text NOT NULL REFERENCES tenant,
  owner_id        text NOT NULL,
  purpose         text NOT NULL,
  key_id          text NOT NULL REFERENCES customer_key,
  region          text NOT NULL,
  ciphertext      bytea NOT NULL,
  context         jsonb NOT NULL,
  created_at      timestamptz NOT NULL,
  retired_at      timestamptz,
  version         bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX ON wrapped_key (tenant_id, owner_id, purpose) WHERE retired_at IS NULL;

-- A secret of a resource, sealed with AES-256-GCM under the data key named; sealed is nonce, ciphertext and tag in a row.
CREATE TABLE credential (
  credential_id   text PRIMARY KEY,
  tenant_id       text NOT NULL REFERENCES tenant,
  owner_id        text NOT NULL,
  name            text NOT NULL,
  wrapped_key_id  text NOT NULL REFERENCES wrapped_key,
  sealed          bytea NOT NULL,
  created_at      timestamptz NOT NULL,
  version         bigint NOT NULL DEFAULT 1,
  UNIQUE (tenant_id, owner_id, name)
);

-- tenant_id is NULL for certificates of the platform's own parts (hosts, stores).
CREATE TABLE certificate (
  certificate_id  text PRIMARY KEY,
  tenant_id       text REFERENCES tenant,
  owner_id        text NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('host', 'store', 'endpoint', 'member')),
  serial          text NOT NULL UNIQUE,
  pem             text NOT NULL,
  not_before      timestamptz NOT NULL,
  not_after       timestamptz NOT NULL,
  created_at      timestamptz NOT NULL
);
CREATE INDEX ON certificate (owner_id, kind, not_after);

-- Instances -------------------------------------------------------------------------------------------------------------------------

-- desired holds the inputs of schema.json with every default filled in; generation rises with each change of them,
-- applied_generation follows when the change has arrived. epoch guards what hosts do (stale calls are refused there).
CREATE TABLE instance (
  instance_id         text PRIMARY KEY,
  tenant_id           text NOT NULL REFERENCES tenant,
  name                text NOT NULL,
  engine              text NOT NULL,
  region              text NOT NULL,
  key_id              text NOT NULL REFERENCES customer_key,
  cluster             text NOT NULL,
  desired             jsonb NOT NULL,
  generation          bigint NOT NULL DEFAULT 1,
  applied_generation  bigint NOT NULL DEFAULT 0,
  epoch               bigint NOT NULL DEFAULT 1,
  status              text NOT NULL CHECK (status IN ('provisioning', 'available', 'updating', 'stopped', 'failed', 'deleting')),
  status_reason       text NOT NULL DEFAULT '',
  should_run          boolean NOT NULL DEFAULT true,
  actual_version      text NOT NULL DEFAULT '',
  actual_storage_gib  integer NOT NULL DEFAULT 0,
  pending_changes     jsonb NOT NULL DEFAULT '[]',
  image_id            text NOT NULL DEFAULT '',
  acknowledged        boolean NOT NULL DEFAULT false,
  created_by          text NOT NULL,
  client_kind         text NOT NULL DEFAULT '',
  operation_id        text,
  created_at          timestamptz NOT NULL,
  updated_at          timestamptz NOT NULL,
  deleted_at          timestamptz,
  version             bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX instance_name_in_tenant ON instance (tenant_id, name) WHERE deleted_at IS NULL;
CREATE INDEX ON instance (region) WHERE deleted_at IS NULL;

CREATE TABLE member (
  member_id       text PRIMARY KEY,
  tenant_id       text NOT NULL REFERENCES tenant,
  instance_id     text NOT NULL REFERENCES instance,
  role            text NOT NULL CHECK (role IN ('primary', 'standby')),
  status          text NOT NULL,
  region          text NOT NULL,
  actual_version  text NOT NULL DEFAULT '',
  created_at      timestamptz NOT NULL,
  deleted_at      timestamptz,
  version         bigint NOT NULL DEFAULT 1
);
CREATE INDEX ON member (tenant_id, instance_id);

CREATE TABLE machine (
  machine_id    text PRIMARY KEY,
  tenant_id     text NOT NULL REFERENCES tenant,
  instance_id   text NOT NULL REFERENCES instance,
  member_id     text NOT NULL REFERENCES member,
  region        text NOT NULL,
  driver        text NOT NULL,
  host_id       text NOT NULL,
  image_id      text NOT NULL DEFAULT '',
  address       text NOT NULL DEFAULT '',
  cpu           double precision NOT NULL,
  memory_bytes  bigint NOT NULL,
  state         text NOT NULL,
  epoch         bigint NOT NULL DEFAULT 1,
  created_at    timestamptz NOT NULL,
  deleted_at    timestamptz,
  version       bigint NOT NULL DEFAULT 1
);
CREATE INDEX ON machine (tenant_id, instance_id);
CREATE INDEX ON machine (host_id) WHERE deleted_at IS NULL;

CREATE TABLE volume (
  volume_id       text PRIMARY KEY,
  tenant_id       text NOT NULL REFERENCES tenant,
  instance_id     text NOT NULL REFERENCES instance,
  member_id       text NOT NULL REFERENCES member,
  region          text NOT NULL,
  host_id         text NOT NULL,
  size_bytes      bigint NOT NULL,
  wrapped_key_id  text REFERENCES wrapped_key,
  uid             integer NOT NULL DEFAULT 0,
  state           text NOT NULL,
  epoch           bigint NOT NULL DEFAULT 1,
  created_at      timestamptz NOT NULL,
  deleted_at      timestamptz,
  version         bigint NOT NULL DEFAULT 1
);
CREATE INDEX ON volume (tenant_id, instance_id);
CREATE INDEX ON volume (host_id) WHERE deleted_at IS NULL;

CREATE TABLE endpoint (
  endpoint_id  text PRIMARY KEY,
  tenant_id    text NOT NULL REFERENCES tenant,
  instance_id  text NOT NULL REFERENCES instance,
  region       text NOT NULL,
  host_id      text NOT NULL,
  host_name    text NOT NULL,
  address      text NOT NULL,
  port         integer NOT NULL,
  state        text NOT NULL,
  epoch        bigint NOT NULL DEFAULT 1,
  created_at   timestamptz NOT NULL,
  deleted_at   timestamptz,
  version      bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX endpoint_address_once ON endpoint (region, address, port) WHERE deleted_at IS NULL;
CREATE INDEX ON endpoint (tenant_id, instance_id);

-- Operations ------------------------------------------------------------------------------------------------------------------------

-- arguments is what was asked, memory what the steps have learned (payload_version dates both). step_cursor is the step under way;
-- direction says whether the list runs forwards or is being undone. claimed_by and claim_expires_at tell which silo works on it.
CREATE TABLE operation (
  operation_id         text PRIMARY KEY,
  tenant_id            text NOT NULL REFERENCES tenant,
  kind                 text NOT NULL,
  resource_id          text NOT NULL,
  resource_name        text NOT NULL,
  state                text NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'undone', 'cancelled')),
  payload_version      integer NOT NULL DEFAULT 1,
  arguments            jsonb NOT NULL DEFAULT '{}',
  memory               jsonb NOT NULL DEFAULT '{}',
  direction            text NOT NULL DEFAULT 'do' CHECK (direction IN ('do', 'undo')),
  step_cursor          integer NOT NULL DEFAULT 0,
  current_step         text NOT NULL DEFAULT '',
  attempts             integer NOT NULL DEFAULT 0,
  progress_percent     integer NOT NULL DEFAULT 0 CHECK (progress_percent BETWEEN 0 AND 100),
  cancel_requested_at  timestamptz,
  next_attempt_at      timestamptz,
  deadline_at          timestamptz,
  error                jsonb,
  adopted              boolean NOT NULL DEFAULT false,
  requested_by         text NOT NULL,
  client_kind          text NOT NULL DEFAULT '',
  request_id           text NOT NULL DEFAULT '',
  claimed_by           text NOT NULL DEFAULT '',
  claim_expires_at     timestamptz,
  created_at           timestamptz NOT NULL,
  started_at           timestamptz,
  finished_at          timestamptz,
  version              bigint NOT NULL DEFAULT 1
);
CREATE INDEX ON operation (tenant_id, operation_id DESC);
CREATE INDEX ON operation (tenant_id, resource_id, operation_id DESC);
CREATE INDEX operation_unfinished ON operation (operation_id) WHERE finished_at IS NULL;

CREATE TABLE operation_step (
  operation_id           text NOT NULL REFERENCES operation,
  ordinal                integer NOT NULL,
  tenant_id              text NOT NULL REFERENCES tenant,
  name                   text NOT NULL,
  state                  text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'undone')),
  attempts               integer NOT NULL DEFAULT 0,
  started_at             timestamptz,
  finished_at            timestamptz,
  duration_milliseconds  double precision,
  message                text NOT NULL DEFAULT '',
  PRIMARY KEY (operation_id, ordinal)
);

-- A tool's run that waits for an operation; renewed by each of its requests.
CREATE TABLE run_lease (
  tenant_id     text NOT NULL REFERENCES tenant,
  run_id        text NOT NULL,
  resource_id   text NOT NULL,
  principal_id  text NOT NULL,
  client_kind   text NOT NULL DEFAULT '',
  expires_at    timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, resource_id, run_id)
);

CREATE TABLE usage_interval (
  usage_id     text PRIMARY KEY,
  tenant_id    text NOT NULL REFERENCES tenant,
  instance_id  text NOT NULL REFERENCES instance,
  region       text NOT NULL,
  running      boolean NOT NULL,
  cpu          double precision NOT NULL,
  memory_gib   double precision NOT NULL,
  storage_gib  integer NOT NULL,
  started_at   timestamptz NOT NULL,
  ended_at     timestamptz CHECK (ended_at >= started_at)
);
CREATE INDEX ON usage_interval (tenant_id, instance_id, started_at);
CREATE UNIQUE INDEX usage_interval_open ON usage_interval (instance_id) WHERE ended_at IS NULL;

-- Events: audit, progress, server-sent events ----------------------------------------------------------------------------------------

-- tenant_id is NULL for what belongs to no tenant (refused strangers, enrolments); only the platform role reads those.
CREATE TABLE event (
  event_id      text PRIMARY KEY,
  tenant_id     text REFERENCES tenant,
  at            timestamptz NOT NULL,
  kind          text NOT NULL,
  severity      text NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
  principal_id  text,
  principal     text NOT NULL,
  resource_id   text,
  operation_id  text,
  request_id    text,
  message       text NOT NULL,
  data          jsonb,
  audit         boolean NOT NULL DEFAULT true,
  sequence      bigint GENERATED ALWAYS AS IDENTITY UNIQUE
);
CREATE INDEX ON event (tenant_id, sequence);
CREATE INDEX ON event (tenant_id, resource_id, sequence);
CREATE INDEX ON event (tenant_id, operation_id, sequence);

-- One short message per operation and transaction wakes those who follow it; the rows themselves are read from the table.
CREATE FUNCTION dbaas_announce_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('dbaas_event', NEW.operation_id);
  RETURN NULL;
END $$;
CREATE TRIGGER announce AFTER INSERT ON event
  FOR EACH ROW WHEN (NEW.operation_id IS NOT NULL) EXECUTE FUNCTION dbaas_announce_event();

-- The answer to the first use of an Idempotency-Key. status_code is NULL while the first request is still being answered.
CREATE TABLE idempotency_record (
  tenant_id     text NOT NULL REFERENCES tenant,
  principal_id  text NOT NULL,
  key           text NOT NULL,
  request_hash  bytea NOT NULL,
  status_code   integer,
  headers       jsonb,
  body          bytea,
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, principal_id, key)
);
CREATE INDEX ON idempotency_record (expires_at);

-- Orleans: membership and reminders ---------------------------------------------------------------------------------------------------

CREATE TABLE orleans_membership_version (
  deployment_id  text PRIMARY KEY,
  version        integer NOT NULL,
  updated_at     timestamptz NOT NULL
);
CREATE TABLE orleans_membership (
  deployment_id    text NOT NULL REFERENCES orleans_membership_version ON DELETE CASCADE,
  address          text NOT NULL,
  port             integer NOT NULL,
  generation       integer NOT NULL,
  silo_name        text NOT NULL,
  host_name        text NOT NULL,
  role_name        text NOT NULL DEFAULT '',
  status           integer NOT NULL,
  proxy_port       integer NOT NULL,
  update_zone      integer NOT NULL DEFAULT 0,
  fault_zone       integer NOT NULL DEFAULT 0,
  suspect_times    jsonb NOT NULL DEFAULT '[]',
  start_time       timestamptz NOT NULL,
  i_am_alive_time  timestamptz NOT NULL,
  etag             bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (deployment_id, address, port, generation)
);
CREATE TABLE orleans_reminder (
  service_id     text NOT NULL,
  grain_id       text NOT NULL,
  reminder_name  text NOT NULL,
  grain_hash     bigint NOT NULL,
  start_time     timestamptz NOT NULL,
  period         interval NOT NULL,
  etag           bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (service_id, grain_id, reminder_name)
);
CREATE INDEX ON orleans_reminder (service_id, grain_hash);

-- Who may do what ---------------------------------------------------------------------------------------------------------------------

DO $$
DECLARE
  owned text;
BEGIN
  FOREACH owned IN ARRAY ARRAY['tenant', 'quota', 'principal', 'api_key', 'binding', 'customer_key', 'wrapped_key', 'credential',
    'certificate', 'instance', 'member', 'machine', 'volume', 'endpoint', 'operation', 'operation_step', 'run_lease',
    'usage_interval', 'event', 'idempotency_record']
  LOOP
    PERFORM dbaas_protect(owned::regclass);
  END LOOP;
END $$;

-- The audit trail is written once: neither role may change, delete or empty it.
REVOKE UPDATE, DELETE, TRUNCATE ON event FROM dbaas_app, dbaas_platform;

-- Tenants are made and quotas set by the platform; a tenant's own transaction may only read them.
REVOKE INSERT, UPDATE, DELETE ON tenant FROM dbaas_app;
REVOKE INSERT, DELETE ON quota FROM dbaas_app;

GRANT SELECT ON role, role_right, host, region_state, price TO dbaas_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON role, role_right, host, region_state, price,
  orleans_membership_version, orleans_membership, orleans_reminder TO dbaas_platform;

INSERT INTO role (role_id, scope, description) VALUES
  ('owner', 'tenant', 'Everything within the tenant.'),
  ('operator', 'tenant', 'Runs databases: creates, changes, deletes them and fetches their credentials.'),
  ('viewer', 'tenant', 'Looks at databases and operations; sees no secret.'),
  ('auditor', 'tenant', 'Reads the audit trail and who has access.'),
  ('platform-administrator', 'platform', 'Makes tenants, sets quotas and prices, looks after hosts.');

INSERT INTO role_right (role_id, "right")
SELECT r.role_id, x FROM (VALUES
  ('owner', ARRAY['instance:read', 'instance:write', 'instance:delete', 'credentials:read', 'credentials:write', 'operation:read',
    'operation:write', 'catalogue:read', 'key:read', 'key:write', 'api-key:read', 'api-key:write', 'tenant:read', 'audit:read']),
  ('operator', ARRAY['instance:read', 'instance:write', 'instance:delete', 'credentials:read', 'credentials:write', 'operation:read',
    'operation:write', 'catalogue:read', 'key:read', 'tenant:read']),
  ('viewer', ARRAY['instance:read', 'operation:read', 'catalogue:read', 'key:read', 'tenant:read']),
  ('auditor', ARRAY['instance:read', 'operation:read', 'catalogue:read', 'key:read', 'api-key:read', 'tenant:read', 'audit:read']),
  ('platform-administrator', ARRAY['tenant:read', 'tenant:write', 'host:read', 'price:write', 'catalogue:read', 'platform-audit:read'])
) AS r(role_id, rights), unnest(r.rights) AS x;
