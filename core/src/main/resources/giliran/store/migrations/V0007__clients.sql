-- Other software that asks for people. Its token is known by its hash alone. A name is used once,
-- so a client's row stays when it is revoked.
CREATE TABLE client (
    name       text PRIMARY KEY,
    token_hash bytea NOT NULL CONSTRAINT client_token_hash_is_sha_256 CHECK (octet_length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);
