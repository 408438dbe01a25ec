-- Questions that came to their end are kept for a while; one silo at a time forgets those that are older. Overdue, so that it begins at once.
CREATE INDEX status_questions_ended ON status_questions (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX status_questions_given_up ON status_questions (adapter_id, ended_at) WHERE state = 'given_up';
INSERT INTO agenda (kind, key, due_at) VALUES ('question-retention', 'all', '2000-01-01');

-- When somebody said that what was set aside until then is seen to.
ALTER TABLE channels ADD COLUMN acknowledged_at timestamptz;
