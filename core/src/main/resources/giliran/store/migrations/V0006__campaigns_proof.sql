-- Whether a pass, or a booking without one, takes a proof of work.
ALTER TABLE campaign ADD COLUMN proof_of_work boolean NOT NULL DEFAULT false;
