/** What the database does to rows that reference a row which is deleted or gets another key. */
export type ReferentialAction = 'Cascade' | 'SetNull' | 'SetDefault' | 'Restrict' | 'NoAction';

/** How the values of a column compare in the database, as far as we promise anything about it. */
export type ComparableKind = 'integer' | 'boolean' | 'uuid' | 'text';

/** A column. */
export interface ScalarField {
  readonly kind: 'scalar';
  readonly name: string;
  /** Its name in the database. */
  readonly column: string;
  /** Absent: its values are never compared. */
  readonly comparable: ComparableKind | undefined;
  /** The database may change it by itself when another column changes: generated columns, times of the last update. */
  readonly derived: boolean;
}

/** The columns of a model that hold the key of another. */
export interface ForeignKey {
  /** Field names on this side, in the order of `references`. */
  readonly fields: readonly string[];
  /** Field names on the other side. */
  readonly references: readonly string[];
}

/** A relation, seen from one side. */
export interface RelationField {
  readonly kind: 'relation';
  readonly name: string;
  /** The other model's name. */
  readonly target: string;
  /**
   * Where the link is stored: in this model's columns, in the target's, in a table of its own (implicit many-to-many),
   * or `unknown`, if the source of the schema could not be read.
   */
  readonly link: 'here' | 'there' | 'table' | 'unknown';
  readonly isList: boolean;
  /** Whether one row of the other side has at most one row of this: a one-to-one relation. */
  readonly isOneToOne: boolean;
  readonly foreignKey: ForeignKey | undefined;
  /** The table of an implicit many-to-many relation, or what it would be called. */
  readonly joinTable: string;
}

export type Field = ScalarField | RelationField;

/** A model or view. */
export interface Model {
  /** What the ORM's schema calls it. */
  readonly name: string;
  /** What footprints and changes call it: the table, without the schema, which another application may leave to the search path. */
  readonly table: string;
  readonly isView: boolean;
  /** Every field of the client, by name. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Field names of the primary key. `undefined`: unknown, or there is none. */
  readonly id: readonly string[] | undefined;
  /** Field names of each unique key, the primary key among them. */
  readonly uniques: readonly (readonly string[])[];
  /** Only the database's catalogue names it: nothing but its table's name is known. */
  readonly onlyInCatalogue?: true | undefined;
}

/** That rows of `child` reference rows of `parent`. */
export interface Reference {
  readonly child: string;
  readonly parent: string;
  readonly foreignKey: ForeignKey;
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
}

/** Operations on rows. */
export type RowOperation = 'create' | 'update' | 'delete';

/** What a trigger writes to. */
export interface TriggerTarget {
  readonly table: string;
  /** The schema that is written before it. */
  readonly schema?: string | undefined;
  readonly op: RowOperation;
  /** The columns that an update sets, in lower case; `undefined`: any. */
  readonly columns?: readonly string[] | undefined;
}

/** What a trigger or a rule does in addition to the write itself. */
export interface ObservedTrigger {
  /** With its table, as messages call it. */
  readonly name: string;
  readonly ops: ReadonlySet<RowOperation>;
  /** Why it may change anything, if it may. */
  readonly unreadable: string | undefined;
  readonly targets: readonly TriggerTarget[];
  /** The columns in which it may store another value than the statement wrote, in lower case. */
  readonly sets: ReadonlySet<string> | 'any';
}

/** What only the database's catalogue knows about a table. */
export interface ObservedTable {
  readonly triggers: readonly ObservedTrigger[];
  /** The tables in which its rows show as well: those that it is a partition of, or inherits from. */
  readonly ancestors: readonly string[];
  /** The tables and views that it shows without naming them in queries, as virtual tables of SQLite do. */
  readonly sources: readonly string[];
}

/** Models and the relations between them. */
export interface SchemaParts {
  /** By {@link Model.name}. Models that queries cannot name are here too: cascades pass through them. */
  readonly models: ReadonlyMap<string, Model>;
  /** Every foreign key. `undefined`: unknown. */
  readonly references: readonly Reference[] | undefined;
  /** Tables of implicit many-to-many relations with the models at their ends. */
  readonly joinTables: ReadonlyMap<string, readonly string[]>;
  /** What the columns of `joinTables` are called. @defaultValue unknown */
  readonly joinColumns?: readonly string[] | undefined;
}

/** What an adapter knows about the tables of its ORM. */
export interface Schema extends SchemaParts {
  /** `postgresql`, `mysql`, `sqlite` …; `undefined` when unknown. */
  readonly provider: string | undefined;
  /** Why keys and cascades are unknown, if they are. */
  readonly degraded: string | undefined;
  /** Why tables may reference these that are not among them, if they may. */
  readonly incomplete?: string | undefined;
  /** By the names of tables, in lower case. Absent: the catalogue was not read, or has nothing more. */
  readonly observed?: ReadonlyMap<string, ObservedTable> | undefined;
  /** Changes whenever the schema does. Part of the cache's identity: two versions of an application never share cached results. */
  readonly fingerprint: string;
}

/** The relations of `model`. */
export function relationsOf(model: Model): readonly RelationField[] {
  return [...model.fields.values()].filter((field) => field.kind === 'relation');
}
