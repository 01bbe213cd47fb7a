# A host of databases.
root=/var/lib/dbaas
device=''
# The data volume is attached after the machine has started.
for _ in $(seq 1 120); do
  device=$(lsblk --json --output PATH,SERIAL | jq -r --arg serial "$(tr -d - <<<'@DATA_VOLUME@')" '.blockdevices[] | select(.serial == $serial) | .path')
  [ -n "$device" ] && break
  sleep 2
done
[ -n "$device" ] || { echo 'the data volume did not come'; exit 1; }
# A volume that holds a file system already is one with databases on it: never made anew.
blkid "$device" >/dev/null || mkfs.ext4 -q -L dbaas "$device"
mkdir -p "$root"
grep -q 'LABEL=dbaas ' /etc/fstab || echo "LABEL=dbaas $root ext4 defaults,nofail,x-systemd.device-timeout=120 0 2" >>/etc/fstab
mountpoint -q "$root" || mount "$root"

# Endpoint addresses are routed to this machine as a whole; it answers for all of them.
cat >/etc/systemd/system/dbaas-endpoints.service <<'UNIT'
[Unit]
Description=Addresses of database endpoints
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/ip route replace local @ENDPOINT_RANGE@ dev lo

[Install]
WantedBy=multi-user.target
UNIT

cat >/usr/local/sbin/dbaas-prepare-host <<'SCRIPT'
#!/usr/bin/env bash
# Fetches the secrets and writes the settings file, with the address this machine has now.
set -euo pipefail
umask 077
/usr/local/sbin/dbaas-secrets '@HOST_SECRET@'
token=$(curl --fail --silent --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
address=$(curl --fail --silent --header "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/local-ipv4)
jq -n --arg listen "$address:@HOST_PORT@" '{
  root: "/var/lib/dbaas", installationId: "@INSTALLATION_ID@", region: "@REGION@", listen: $listen,
  machineRange: "@MACHINE_RANGE@", endpointRange: "@ENDPOINT_RANGE@", serviceAddress: "@SERVICE_ADDRESS@",
  controlEndpoint: "https://@HOST_NAME@:7443", controlCaFile: "/run/dbaas/endpoint-ca.crt",
  enrolTokenFile: "/run/dbaas/enrol-token", kmsEndpoint: "@KMS_ENDPOINT@", kmsCaFile: "",
  kmsCredentialsFile: "/run/dbaas/kms.json", etcdClientPort: 7471, etcdPeerPort: 7481,
  imageStore: "/var/lib/dbaas/images", agentFolder: "/opt/dbaas/current/agent"
}' >/run/dbaas/host.json
SCRIPT
chmod 0755 /usr/local/sbin/dbaas-prepare-host

cat >/etc/systemd/system/dbaas-host.service <<'UNIT'
[Unit]
Description=DBaaS host daemon
After=network-online.target dbaas-endpoints.service
Wants=network-online.target
Requires=dbaas-endpoints.service
RequiresMountsFor=/var/lib/dbaas
StartLimitIntervalSec=0

[Service]
Environment=DOTNET_ROOT=/opt/dbaas/current/dotnet
ExecStartPre=/usr/local/sbin/dbaas-prepare-host
ExecStart=/opt/dbaas/current/host/Dbaas.Host serve --config /run/dbaas/host.json
Restart=always
RestartSec=5
# Databases are not the daemon's children in the sense of systemd: they serve on while it is replaced.
KillMode=process
Delegate=yes
LimitNOFILE=1048576
LimitCORE=0

[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now dbaas-endpoints dbaas-host
