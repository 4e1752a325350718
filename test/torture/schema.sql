-- The tables of schema.prisma on PostgreSQL, with an audit that commits with what it tells of.

CREATE TABLE parent (
  id integer PRIMARY KEY,
  v integer NOT NULL DEFAULT 1,
  wid integer NOT NULL DEFAULT 0,
  deadline timestamptz(3),
  kind integer NOT NULL DEFAULT 0
);

CREATE TABLE item (
  id integer PRIMARY KEY,
  v integer NOT NULL DEFAULT 1,
  wid integer NOT NULL DEFAULT 0,
  deadline timestamptz(3),
  g integer NOT NULL,
  n integer NOT NULL DEFAULT 0,
  parent_id integer NOT NULL REFERENCES parent (id)
);
CREATE INDEX ON item (g);
CREATE INDEX ON item (parent_id);

CREATE TABLE audit (
  ci bigserial PRIMARY KEY,
  tbl text NOT NULL,
  id integer NOT NULL,
  v integer NOT NULL,
  wid integer NOT NULL,
  alive boolean NOT NULL,
  g integer,
  n integer,
  parent_id integer,
  kind integer,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX ON audit (xid);

CREATE FUNCTION note_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO audit (tbl, id, v, wid, alive) VALUES ('item', OLD.id, OLD.v + 1, OLD.wid, false);
  ELSE
    INSERT INTO audit (tbl, id, v, wid, alive, g, n, parent_id)
      VALUES ('item', NEW.id, NEW.v, NEW.wid, true, NEW.g, NEW.n, NEW.parent_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER item_audit AFTER INSERT OR UPDATE OR DELETE ON item FOR EACH ROW EXECUTE FUNCTION note_item();

CREATE FUNCTION note_parent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit (tbl, id, v, wid, alive, kind) VALUES ('parent', NEW.id, NEW.v, NEW.wid, true, NEW.kind);
  RETURN NULL;
END $$;
CREATE TRIGGER parent_audit AFTER INSERT OR UPDATE ON parent FOR EACH ROW EXECUTE FUNCTION note_parent();

-- The fence: what was announced too long ago does not commit any more, however long its writer slept before sending it.
CREATE FUNCTION refuse_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF clock_timestamp() > NEW.deadline THEN
    RAISE EXCEPTION 'too late to commit';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER item_fence AFTER INSERT OR UPDATE ON item
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_late();
CREATE CONSTRAINT TRIGGER parent_fence AFTER INSERT OR UPDATE ON parent
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_late();

INSERT INTO parent (id, kind) SELECT id, id % 2 FROM generate_series(1, 6) id;
INSERT INTO item (id, g, n, parent_id) SELECT id, id % 8, id * 37 % 100, 1 + id % 6 FROM generate_series(1, 40) id;
