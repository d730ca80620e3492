CREATE TABLE region (
    id   text PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE centre (
    id            text PRIMARY KEY,
    name          text NOT NULL,
    region        text NOT NULL CONSTRAINT centre_lies_in_region REFERENCES region,
    district      text NOT NULL,
    address       text NOT NULL,
    postcode      text NOT NULL,
    latitude      double precision,
    longitude     double precision,
    phone         text NOT NULL,
    accessibility text NOT NULL,
    CONSTRAINT centre_position_is_whole CHECK ((latitude IS NULL) = (longitude IS NULL))
);

CREATE TABLE campaign (
    id          text PRIMARY KEY,
    name        text NOT NULL,
    programme   text NOT NULL,
    product     text NOT NULL,
    opens_at    timestamptz NOT NULL,
    closes_at   timestamptz NOT NULL,
    minimum_age integer NOT NULL CONSTRAINT campaign_minimum_age_in_years CHECK (minimum_age BETWEEN 0 AND 130),
    regions     text[] NOT NULL,
    allowance   integer NOT NULL CONSTRAINT campaign_allowance_not_negative CHECK (allowance >= 0),
    time_zone   text NOT NULL,
    CONSTRAINT campaign_opens_before_it_closes CHECK (opens_at < closes_at)
);

CREATE TABLE slot (
    id        uuid PRIMARY KEY,
    campaign  text NOT NULL CONSTRAINT slot_belongs_to_campaign REFERENCES campaign,
    centre    text NOT NULL CONSTRAINT slot_is_at_centre REFERENCES centre,
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL,
    product   text NOT NULL,
    dose      smallint NOT NULL CONSTRAINT slot_dose_in_course CHECK (dose BETWEEN 1 AND 9),
    CONSTRAINT slot_starts_before_it_ends CHECK (starts_at < ends_at)
);

CREATE INDEX slot_by_campaign ON slot (campaign);
