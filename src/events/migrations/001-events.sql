-- One row per thing that was seen for a while. The number of an event is when it was first seen, in
-- ms, times 1024, and a count among those of the same ms: the table is in the order of time.
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  camera TEXT NOT NULL,
  label TEXT NOT NULL,
  detector TEXT NOT NULL,
  first_seen INTEGER NOT NULL, -- ms since the epoch
  last_seen INTEGER NOT NULL,
  ended INTEGER NOT NULL,      -- 0 while it is in view
  score REAL NOT NULL,         -- the best one
  results INTEGER NOT NULL,    -- in how many it was found
  best TEXT NOT NULL,          -- JSON: the frame of the picture, and where in it
  path TEXT NOT NULL,          -- JSON: where it was when
  bytes INTEGER NOT NULL       -- of the picture
) STRICT;

CREATE INDEX events_camera ON events (camera);
CREATE INDEX events_label ON events (label);
CREATE INDEX events_camera_label ON events (camera, label);
CREATE INDEX events_open ON events (ended) WHERE ended = 0;

-- Kept as rows come and go: to count a million of them takes a tenth of a second.
CREATE TABLE totals (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  events INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
INSERT INTO totals VALUES (1, 0, 0);

CREATE TRIGGER events_added AFTER INSERT ON events BEGIN
  UPDATE totals SET events = events + 1, bytes = bytes + new.bytes + length(new.path);
END;
CREATE TRIGGER events_changed AFTER UPDATE OF bytes, path ON events BEGIN
  UPDATE totals SET bytes = bytes + new.bytes + length(new.path) - old.bytes - length(old.path);
END;
CREATE TRIGGER events_removed AFTER DELETE ON events BEGIN
  UPDATE totals SET events = events - 1, bytes = bytes - old.bytes - length(old.path);
END;
