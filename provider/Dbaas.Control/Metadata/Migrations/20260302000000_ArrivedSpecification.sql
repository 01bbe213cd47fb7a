-- A change that waited for its maintenance window and fails in it must be taken back to what ran before; what is desired has long been
-- overwritten by then. Where nothing waits and nothing is under way, what is desired is what has arrived; elsewhere nobody knows any more,
-- and the next change that arrives says so.
ALTER TABLE instance ADD COLUMN arrived_spec jsonb;

-- The owner is behind the wall as well; it is opened for the length of this transaction, in which nobody else sees the table.
ALTER TABLE instance NO FORCE ROW LEVEL SECURITY;
UPDATE instance SET arrived_spec = desired
  WHERE deleted_at IS NULL AND status = 'available' AND operation_id IS NULL AND jsonb_array_length(pending_changes) = 0;
ALTER TABLE instance FORCE ROW LEVEL SECURITY;
