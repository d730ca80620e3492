-- How many places a slot has and how many are taken. Nothing that changes is indexed, and pages
-- keep room, so that each update stays on its page.
CREATE TABLE place (
    centre    text NOT NULL,
    slot      uuid NOT NULL,
    capacity  integer NOT NULL,
    allowance integer NOT NULL,
    held      integer NOT NULL DEFAULT 0,
    booked    integer NOT NULL DEFAULT 0,
    CONSTRAINT place_pk PRIMARY KEY (centre, slot),
    CONSTRAINT place_counts_not_negative CHECK (capacity >= 0 AND allowance >= 0 AND held >= 0 AND booked >= 0),
    CONSTRAINT place_never_oversold CHECK (held + booked <= capacity + allowance)
) WITH (fillfactor = 60);

-- A live appointment: its row is the claim of its person to that dose. The person is a keyed hash
-- made within the programme, so the programme is part of the key.
CREATE TABLE appointment (
    person      uuid NOT NULL,
    dose        smallint NOT NULL,
    reference   bigint NOT NULL,
    centre      text NOT NULL,
    slot        uuid NOT NULL,
    state       text NOT NULL,
    version     integer NOT NULL,
    request_key uuid NOT NULL,
    content     uuid NOT NULL,
    taken_at    timestamptz NOT NULL,
    changed_at  timestamptz NOT NULL,
    sealed      bytea NOT NULL,
    CONSTRAINT appointment_one_live_a_person_and_dose PRIMARY KEY (person, dose),
    CONSTRAINT appointment_state_is_live CHECK (state IN ('held', 'booked', 'arrived', 'done'))
);

CREATE INDEX appointment_by_reference ON appointment (reference);

-- What was an appointment and has given its claim back.
CREATE TABLE ended_appointment (
    person      uuid NOT NULL,
    dose        smallint NOT NULL,
    reference   bigint NOT NULL,
    centre      text NOT NULL,
    slot        uuid NOT NULL,
    state       text NOT NULL,
    version     integer NOT NULL,
    request_key uuid NOT NULL,
    content     uuid NOT NULL,
    taken_at    timestamptz NOT NULL,
    changed_at  timestamptz NOT NULL,
    sealed      bytea NOT NULL,
    CONSTRAINT ended_appointment_pk PRIMARY KEY (person, dose, reference),
    CONSTRAINT ended_appointment_state_is_ended CHECK (state IN ('cancelled', 'lapsed', 'missed'))
);

CREATE INDEX ended_appointment_by_reference ON ended_appointment (reference);

-- What happened, a row a batch, for all who must be told. Read and deleted row by row, never
-- followed by "the highest seen": rows commit out of order.
CREATE TABLE outbox (
    id          uuid PRIMARY KEY,
    happened_at timestamptz NOT NULL,
    events      text[] NOT NULL,
    persons     uuid[] NOT NULL,
    doses       integer[] NOT NULL,
    appointments bigint[] NOT NULL,
    slots       uuid[] NOT NULL,
    CONSTRAINT outbox_events_are_whole CHECK (
        cardinality(events) = cardinality(persons)
        AND cardinality(events) = cardinality(doses)
        AND cardinality(events) = cardinality(appointments)
        AND cardinality(events) = cardinality(slots))
);

-- A value made with the keys that hashed the persons of this database: a start with others is
-- refused, for it would not know anyone again.
CREATE TABLE key_check (
    one   boolean PRIMARY KEY DEFAULT true CONSTRAINT key_check_is_one_row CHECK (one),
    value bytea NOT NULL
);
