-- A key that was bound by changing an appointment; the key that booked it is in its own row. Kept
-- for seven days.
CREATE TABLE bound_key (
    person      uuid NOT NULL,
    request_key uuid NOT NULL,
    content     uuid NOT NULL,
    dose        smallint NOT NULL,
    reference   bigint NOT NULL,
    bound_at    timestamptz NOT NULL,
    CONSTRAINT bound_key_once_a_person PRIMARY KEY (person, request_key)
);

CREATE INDEX bound_key_by_time ON bound_key (bound_at);

-- The pass with which it was booked, if it was with one.
ALTER TABLE appointment ADD COLUMN pass uuid;
ALTER TABLE ended_appointment ADD COLUMN pass uuid;
