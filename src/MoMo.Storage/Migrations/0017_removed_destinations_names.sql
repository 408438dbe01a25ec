-- Lists by a destination look for all that an account ever had of that id, and nothing is ever taken out of the table.
CREATE INDEX removed_destinations_names ON removed_destinations (account_id, id);
