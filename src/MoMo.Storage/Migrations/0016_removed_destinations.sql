-- Destinations that were removed, by the lane that their deliveries have: so that it stays known where a payment was delivered.
CREATE TABLE removed_destinations (
    lane        bigint PRIMARY KEY,
    account_id  text COLLATE "C" NOT NULL,
    id          text COLLATE "C" NOT NULL,
    kind        text COLLATE "C" NOT NULL,
    removed_at  timestamptz NOT NULL
);
CREATE TRIGGER removed_destinations_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON removed_destinations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
