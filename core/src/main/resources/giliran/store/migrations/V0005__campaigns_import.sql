-- What a publisher says beyond our own words is kept as it was written, so that it can be published
-- again: the publisher's name of a slot, how to book there, and its whole text.
ALTER TABLE centre
    ADD COLUMN source text NOT NULL DEFAULT '';

ALTER TABLE slot
    ADD COLUMN key           text NOT NULL DEFAULT '',
    ADD COLUMN booking_phone text NOT NULL DEFAULT '',
    ADD COLUMN booking_link  text NOT NULL DEFAULT '',
    ADD COLUMN source        text NOT NULL DEFAULT '';

-- The Schedules that the sources of slots name, as they were written.
CREATE TABLE schedule (
    campaign text NOT NULL CONSTRAINT schedule_belongs_to_campaign REFERENCES campaign,
    id       text NOT NULL,
    source   text NOT NULL,
    CONSTRAINT schedule_pk PRIMARY KEY (campaign, id)
);

-- Raised by each import that changes what is offered: by it the servers notice. Imports wait for
-- nobody: one at a time holds this row.
CREATE TABLE catalogue_revision (
    one    boolean PRIMARY KEY DEFAULT true CONSTRAINT catalogue_revision_is_one_row CHECK (one),
    number bigint NOT NULL
);

INSERT INTO catalogue_revision (number)
VALUES (0);
