-- By which ways files and messages come besides upload and callback: at most one for each adapter.
CREATE TABLE channels (
    adapter_id      text COLLATE "C" PRIMARY KEY REFERENCES adapters ON DELETE CASCADE,
    kind            text NOT NULL,                        -- folder, sftp, ftp, imap, poll
    settings        text NOT NULL,                        -- a JSON object
    channel_secret  text,                                 -- a JSON object, sealed by the hub's secret keys
    position        text,                                 -- where a poll has come to
    state           text NOT NULL DEFAULT 'new',          -- new, working, failing
    detail          text,                                 -- why it fails
    failures        integer NOT NULL DEFAULT 0,           -- looks in a row that failed
    looked_at       timestamptz,
    worked_at       timestamptz,
    asked_at        timestamptz,                          -- when somebody last wanted a look or changed it
    taken           bigint NOT NULL DEFAULT 0,            -- files
    set_aside       bigint NOT NULL DEFAULT 0,            -- files
    aside_detail    text,                                 -- which was set aside last, and why
    aside_at        timestamptz,
    payments_new    bigint NOT NULL DEFAULT 0,            -- that nobody had told of before
    payments_known  bigint NOT NULL DEFAULT 0,
    version         bigint NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);

-- What was seen there. Forgotten when it has not been there for a long time: the files table still knows the bytes.
CREATE TABLE channel_items (
    adapter_id      text COLLATE "C" NOT NULL REFERENCES channels ON DELETE CASCADE,
    identity        text COLLATE "C" NOT NULL,            -- name, size and time of change; or the mailbox's own number
    state           text NOT NULL,                        -- seen, taken, done, aside, failed
    detail          text,
    tries           integer NOT NULL DEFAULT 0,
    due_at          timestamptz NOT NULL,                 -- not to be tried before
    seen_at         timestamptz NOT NULL,                 -- first
    listed_at       timestamptz NOT NULL,                 -- last
    PRIMARY KEY (adapter_id, identity)
);

-- What somebody wants fetched again, and how much of it callbacks had lost.
CREATE TABLE channel_backfills (
    id              uuid PRIMARY KEY,
    adapter_id      text COLLATE "C" NOT NULL REFERENCES adapters ON DELETE CASCADE,
    from_at         timestamptz NOT NULL,
    to_at           timestamptz NOT NULL,
    done_to         timestamptz NOT NULL,                 -- how far it has come
    state           text NOT NULL DEFAULT 'waiting',      -- waiting, done
    detail          text,
    files           bigint NOT NULL DEFAULT 0,
    payments_new    bigint NOT NULL DEFAULT 0,
    payments_known  bigint NOT NULL DEFAULT 0,
    conflicts       bigint NOT NULL DEFAULT 0,
    faults          bigint NOT NULL DEFAULT 0,
    asked_at        timestamptz NOT NULL,
    ended_at        timestamptz
);
CREATE INDEX channel_backfills_adapter ON channel_backfills (adapter_id, id);

-- A file whose reading fails is tried again ever more seldom.
ALTER TABLE files ADD COLUMN resumes integer NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN resume_at timestamptz;
