-- Until when a place is held for someone who has to confirm it. The row is the timer: what is due is
-- found here by whoever looks, also after a restart. What ended while held keeps the time.
ALTER TABLE appointment ADD COLUMN held_until timestamptz;
ALTER TABLE ended_appointment ADD COLUMN held_until timestamptz;

ALTER TABLE appointment ADD CONSTRAINT appointment_is_held_until_a_time
    CHECK ((state = 'held') = (held_until IS NOT NULL));

-- Only what is held is in it, so that it costs a booking nothing.
CREATE INDEX appointment_held_by_time ON appointment (held_until) WHERE state = 'held';
