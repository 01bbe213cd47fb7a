-- Which key first came with an enrolment token. The token introduces that key and no other.
CREATE TABLE enrolment_token (
  token_sha256  text PRIMARY KEY,
  region        text NOT NULL,
  key_sha256    text NOT NULL,
  used_at       timestamptz NOT NULL
);
GRANT SELECT, INSERT ON enrolment_token TO dbaas_platform;
