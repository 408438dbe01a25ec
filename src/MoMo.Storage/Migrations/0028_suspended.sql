-- Payments that wait in suspense now: what the count of them reads, however many were resolved before. Kept by the database itself, so that it is right
-- whichever version of the hub records payments.
CREATE TABLE suspended (payment_id uuid PRIMARY KEY);

CREATE FUNCTION payment_suspended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO suspended (payment_id) VALUES (NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION payment_assigned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM suspended WHERE payment_id = NEW.payment_id;
    RETURN NULL;
END $$;

CREATE TRIGGER payments_suspended AFTER INSERT ON payments FOR EACH ROW WHEN (NEW.account_id IS NULL) EXECUTE FUNCTION payment_suspended();
CREATE TRIGGER assignments_made AFTER INSERT ON assignments FOR EACH ROW EXECUTE FUNCTION payment_assigned();

-- Silos that run meanwhile, also those of before, write through the triggers from this moment on.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'momo_app') THEN
        GRANT SELECT, INSERT, DELETE ON suspended TO momo_app;
    END IF;
END $$;
