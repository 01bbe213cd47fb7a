-- A token introduces one key at one address: the same key may not become another host with it.
ALTER TABLE enrolment_token ADD COLUMN address text;
GRANT UPDATE (address) ON enrolment_token TO dbaas_platform;
