-- The keys that seal the hub's secrets, each by something that only it opens: a silo with other keys finds out before it takes any work.
CREATE TABLE secret_keys (
    id          text COLLATE "C" PRIMARY KEY,
    mark        text NOT NULL,                           -- sealed by the key; tells nothing
    place       integer NOT NULL,                        -- the key with the highest place is the one that seals now
    lost        boolean NOT NULL DEFAULT false           -- given up by people: what it sealed is never opened again
);
