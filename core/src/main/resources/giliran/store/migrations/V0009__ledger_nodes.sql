-- Each node that writes the ledger. One that has been silent is struck out, and from then on its
-- transactions fail. Entries are counted, so that one that came and went is noticed afterwards.
CREATE TABLE ledger_node (
    id      uuid PRIMARY KEY,
    entry   bigint GENERATED ALWAYS AS IDENTITY,
    seen_at timestamptz NOT NULL
);
