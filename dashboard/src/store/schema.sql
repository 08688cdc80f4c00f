-- Sealed, all of them: see vault.rs.
CREATE TABLE settings (
    integration TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (integration, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
    provider TEXT NOT NULL, kind TEXT NOT NULL, scope TEXT NOT NULL, id TEXT NOT NULL, link TEXT NOT NULL,
    PRIMARY KEY (provider, kind, scope, id)
) STRICT, WITHOUT ROWID;

-- `campaign` as JSON, for as long as the sync can be resumed. The counts follow the items: see `counted`.
CREATE TABLE syncs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, integration TEXT NOT NULL,
    campaign_id TEXT NOT NULL, campaign_name TEXT NOT NULL, campaign TEXT,
    state TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT, worked_ms INTEGER NOT NULL DEFAULT 0, message TEXT,
    total INTEGER NOT NULL, created INTEGER NOT NULL DEFAULT 0, updated INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, unknown INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX syncs_of ON syncs (integration, id);
-- Never two at once.
CREATE UNIQUE INDEX one_at_a_time ON syncs (integration) WHERE state IN ('running', 'cancelling');

CREATE TABLE items (
    sync INTEGER NOT NULL REFERENCES syncs (id) ON DELETE CASCADE, position INTEGER NOT NULL,
    event TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'pending',
    remote_id TEXT, message TEXT, hint TEXT, at TEXT,
    PRIMARY KEY (sync, event)
) STRICT, WITHOUT ROWID;
-- Whoever asks how far a sync has come need not look at its items.
CREATE TRIGGER counted AFTER UPDATE OF state ON items WHEN old.state <> new.state BEGIN
    UPDATE syncs SET
        created = created + (new.state = 'created') - (old.state = 'created'),
        updated = updated + (new.state = 'updated') - (old.state = 'updated'),
        unchanged = unchanged + (new.state = 'unchanged') - (old.state = 'unchanged'),
        failed = failed + (new.state = 'failed') - (old.state = 'failed'),
        unknown = unknown + (new.state = 'unknown') - (old.state = 'unknown')
    WHERE id = new.sync;
END;

-- What a sync of one integration found out about an event, for those of the others.
CREATE TABLE facts (
    integration TEXT NOT NULL, campaign TEXT NOT NULL, event TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (integration, campaign, event, name)
) STRICT, WITHOUT ROWID;

-- The figures behind the charts, and the sync that found them: `about` is a venue or a code, `x` a day or an hour.
CREATE TABLE series (
    chart TEXT NOT NULL, about TEXT NOT NULL, x TEXT NOT NULL, value INTEGER NOT NULL, sync INTEGER NOT NULL,
    PRIMARY KEY (chart, about, x)
) STRICT, WITHOUT ROWID;

CREATE TABLE failures (
    id INTEGER PRIMARY KEY AUTOINCREMENT, integration TEXT NOT NULL, failure TEXT NOT NULL
) STRICT;
CREATE INDEX failures_of ON failures (integration, id);

CREATE TABLE activity (
    id INTEGER PRIMARY KEY AUTOINCREMENT, integration TEXT, activity TEXT NOT NULL
) STRICT;

-- How integrations stand, and what fakes hold, as JSON.
CREATE TABLE standing (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
