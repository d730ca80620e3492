-- Each node that writes the ledger. One that has been silent is struck out, and from then on its
-- transactions fail.
CREATE TABLE ledger_node (
    id      uuid PRIMARY KEY,
    seen_at timestamptz NOT NULL
);
