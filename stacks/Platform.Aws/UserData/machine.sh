#!/usr/bin/env bash
# First start of a machine of the platform, Debian 12. What is secret is fetched by each start of the service, into memory.
set -euo pipefail
exec > >(logger -t dbaas-start) 2>&1
export DEBIAN_FRONTEND=noninteractive

apt-get -q -y update
apt-get -q -y --no-install-recommends install awscli jq ca-certificates unattended-upgrades @PACKAGES@
mountpoint -q /run || exit 1

release=/opt/dbaas/releases/@RELEASE_SHA256@
if [ ! -d "$release" ]; then
  archive=$(mktemp)
  aws --region '@AWS_REGION@' s3 cp --only-show-errors 's3://@RELEASE_BUCKET@/@RELEASE_KEY@' "$archive"
  # Whoever can write to the bucket must still not be able to run a program here.
  echo "@RELEASE_SHA256@  $archive" | sha256sum --check --quiet
  mkdir -p "$release.new"
  tar -xzf "$archive" -C "$release.new"
  mv "$release.new" "$release"
  rm -f "$archive"
fi
ln -sfn "$release" /opt/dbaas/current

# dbaas-secrets SECRET: every member of the secret becomes a file below /run/dbaas that only its owner reads.
cat >/usr/local/sbin/dbaas-secrets <<'SCRIPT'
#!/usr/bin/env bash
set -euo pipefail
umask 077
folder=/run/dbaas
mkdir -p "$folder"
content=$(aws --region '@AWS_REGION@' secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text)
for name in $(jq -r 'keys[]' <<<"$content"); do
  case $name in */* | .*) exit 1 ;; esac
  jq -j --arg name "$name" '.[$name]' <<<"$content" >"$folder/$name"
done
SCRIPT
chmod 0755 /usr/local/sbin/dbaas-secrets

