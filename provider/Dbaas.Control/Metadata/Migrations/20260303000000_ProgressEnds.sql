-- Progress of steps is for those who wait; kept for ever it would outgrow everything else. The audit trail beside it stays untouchable:
-- no role gets the right to delete events, only this function may, and the owner whose rights it runs with sees nothing but progress.
CREATE POLICY progress_ends ON event TO CURRENT_USER USING (NOT audit);
CREATE INDEX event_progress ON event (at) WHERE NOT audit;

CREATE FUNCTION dbaas_forget_progress(before timestamptz, batch integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  forgotten integer;
BEGIN
  DELETE FROM event WHERE NOT audit AND event_id IN
    (SELECT event_id FROM event WHERE NOT audit AND at < before ORDER BY at LIMIT batch);
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END $$;
REVOKE ALL ON FUNCTION dbaas_forget_progress(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dbaas_forget_progress(timestamptz, integer) TO dbaas_platform;
