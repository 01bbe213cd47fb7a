-- Two ways for a key to be out of reach that no retry mends: its key service refuses us, or has it no longer.
ALTER TABLE customer_key DROP CONSTRAINT customer_key_state_check;
ALTER TABLE customer_key ADD CONSTRAINT customer_key_state_check
  CHECK (state IN ('enabled', 'disabled', 'pending_deletion', 'denied', 'missing', 'unreachable'));
