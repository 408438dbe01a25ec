-- For a day the mark of a lane in order of its account could pass what waited behind a delivery that was to be tried again: those were never sent. They
-- have no row; whatever was tried has one, and is not sent twice however far back the lane looks.
UPDATE lane_marks m SET mark = m.since FROM destinations t WHERE t.lane = m.lane AND t.ordering = 'account' AND m.mark > m.since;
