-- An account that is deleted and made again is another one, and silos that remember the first must see that: its version begins where no earlier one
-- ever came to. It rises by one with each change, and changes are never as many as microseconds.
ALTER TABLE account_heads ALTER COLUMN version SET DEFAULT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
