-- Whoever looks after hosts may have them build fresh images.
INSERT INTO role_right (role_id, "right") VALUES ('platform-administrator', 'host:write');
