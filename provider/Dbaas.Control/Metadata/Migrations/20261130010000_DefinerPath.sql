-- A function that runs with its owner's rights must look for tables in this schema alone. Unless it is named, a session's temporary schema is
-- searched first: a temporary table "event" with a trigger would run as the owner. Nobody here needs temporary tables either.
ALTER FUNCTION dbaas_forget_progress(timestamptz, integer) SET search_path = pg_catalog, public, pg_temp;
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;
