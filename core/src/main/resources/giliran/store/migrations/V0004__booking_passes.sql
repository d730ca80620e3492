-- Raised to end all passes of a campaign that were made before.
CREATE TABLE pass_epoch (
    campaign text PRIMARY KEY CONSTRAINT pass_epoch_of_campaign REFERENCES campaign,
    epoch    integer NOT NULL CONSTRAINT pass_epoch_counts_up CHECK (epoch > 0)
);

-- Passes ended one by one.
CREATE TABLE revoked_pass (
    id         uuid PRIMARY KEY,
    revoked_at timestamptz NOT NULL
);
