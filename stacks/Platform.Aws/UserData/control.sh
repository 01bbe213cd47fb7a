# The control service.
useradd --system --home-dir /var/lib/dbaas --shell /usr/sbin/nologin dbaas 2>/dev/null || true
install -d -m 0700 -o dbaas -g dbaas /var/lib/dbaas/control
# Authorities of the metadata database's certificate, as Amazon publishes them.
curl --fail --silent --show-error --location --output /etc/ssl/rds-ca.pem 'https://truststore.pki.rds.amazonaws.com/@AWS_REGION@/@AWS_REGION@-bundle.pem'

cat >/usr/local/sbin/dbaas-prepare-control <<'SCRIPT'
#!/usr/bin/env bash
# Fetches the secrets anew, sees to the two roles of the metadata database, and writes the settings file. The owner's password changes when AWS
# rotates it, so all of this belongs to each start.
set -euo pipefail
umask 077
folder=/run/dbaas
/usr/local/sbin/dbaas-secrets '@CONTROL_SECRET@'
owner=$(aws --region '@AWS_REGION@' secretsmanager get-secret-value --secret-id '@OWNER_SECRET@' --query SecretString --output text)

# Passwords travel by file and standard input, never as arguments.
jq -r --arg host '@METADATA_HOST@' '[$host, "5432", "*", .username, (.password | gsub("(?<c>[\\\\:])"; "\\\(.c)"))] | join(":")' \
  <<<"$owner" >"$folder/pgpass"
jq -rn --rawfile app "$folder/app-password" --rawfile platform "$folder/platform-password" '
  def literal: "\u0027" + gsub("\u0027"; "\u0027\u0027") + "\u0027";
  {dbaas_app: $app, dbaas_platform: $platform} | to_entries[] |
  "DO $do$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = \u0027\(.key)\u0027) THEN CREATE ROLE \(.key) LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE; END IF; END $do$;
  ALTER ROLE \(.key) PASSWORD \(.value | literal);"' |
  PGPASSFILE=$folder/pgpass PGSSLMODE=verify-full PGSSLROOTCERT=/etc/ssl/rds-ca.pem \
    psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --host '@METADATA_HOST@' --username "$(jq -r .username <<<"$owner")" --dbname dbaas
rm -f "$folder/pgpass"

jq --arg host '@METADATA_HOST@' --argjson owner "$owner" \
  --rawfile app "$folder/app-password" --rawfile platform "$folder/platform-password" '
  def quoted: "\"" + gsub("\""; "\"\"") + "\"";
  def connection($role; $password): "Host=\($host);Port=5432;Database=dbaas;Username=\($role);Password=\($password | quoted);SSL Mode=VerifyFull;Root Certificate=/etc/ssl/rds-ca.pem";
  .metadata = {
    ownerConnectionString: connection($owner.username; $owner.password),
    appConnectionString: connection("dbaas_app"; $app),
    platformConnectionString: connection("dbaas_platform"; $platform)
  }' "$folder/control.json" >"$folder/control.json.new"
mv "$folder/control.json.new" "$folder/control.json"
rm -f "$folder/app-password" "$folder/platform-password"
chown -R dbaas:dbaas "$folder"
SCRIPT
chmod 0755 /usr/local/sbin/dbaas-prepare-control

cat >/etc/systemd/system/dbaas-control.service <<'UNIT'
[Unit]
Description=DBaaS control service
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
User=dbaas
Group=dbaas
Environment=DOTNET_ROOT=/opt/dbaas/current/dotnet
ExecStartPre=+/usr/local/sbin/dbaas-prepare-control
ExecStart=/opt/dbaas/current/control/Dbaas.Control --config /run/dbaas/control.json
Restart=always
RestartSec=5
TimeoutStartSec=300
TimeoutStopSec=60
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictSUIDSGID=yes
LockPersonality=yes
CapabilityBoundingSet=
ReadWritePaths=/var/lib/dbaas/control
LimitCORE=0

[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now dbaas-control
