/** What PostgreSQL declares of a function: whether it may change anything, and whether its result may change. */
export type Volatility = 'immutable' | 'stable' | 'volatile';

/** A function that is not the server's own, with all its overloads. */
export interface CatalogueFunction {
  readonly schema: string;
  readonly name: string;
  /** The worst of its overloads. */
  readonly volatility: Volatility;
  /** Whether extensions brought all of them. */
  readonly ofExtension: boolean;
}

/** The functions of a database, by its catalogue. */
export interface CatalogueFunctions {
  /** The schemas in which a name without a schema is looked for. */
  readonly path: readonly string[];
  readonly functions: readonly CatalogueFunction[];
  /** Functions of the server itself that the lists of this package may lack. */
  readonly ofServer: readonly Pick<CatalogueFunction, 'name' | 'volatility'>[];
  /**
   * Functions that may write and can be written like a column (`users.bump`), with the tables that have a column of that
   * name: what is read of those is the column.
   */
  readonly likeColumns: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What a foreign key does to the rows that hold it. */
export type ForeignKeyAction = 'Cascade' | 'SetNull' | 'SetDefault' | 'Restrict' | 'NoAction';

/** A foreign key, as the database has it. Tables and columns by their names in the database. */
export interface CatalogueForeignKey {
  readonly child: string;
  /** The schema of the child, if the catalogue must also be read there for what references the child. */
  readonly childSchema?: string | undefined;
  readonly childColumns: readonly string[];
  readonly parent: string;
  /** Empty: its primary key. */
  readonly parentColumns: readonly string[];
  readonly onDelete: ForeignKeyAction;
  readonly onUpdate: ForeignKeyAction;
}

/** A trigger or a rule. */
export interface CatalogueTrigger {
  readonly kind: 'trigger' | 'rule';
  readonly table: string;
  /** As messages call it. */
  readonly name: string;
  readonly ops: ReadonlySet<'create' | 'update' | 'delete'>;
  /** Whether it may store other values in the row than the statement wrote. */
  readonly before: boolean;
  /** What it runs, in SQL or a language around SQL. `undefined`: it cannot be read. */
  readonly code: string | undefined;
}

/** A text column that compares in another way than the database's default. */
export interface CatalogueCollation {
  readonly table: string;
  readonly column: string;
  readonly collation: string;
  /** Whether only equal bytes are equal. */
  readonly deterministic: boolean;
}

/** The catalogue of a database. Tables are known by their names, without their schemas. */
export interface Catalogue {
  readonly functions: CatalogueFunctions;
  readonly foreignKeys: readonly CatalogueForeignKey[];
  readonly triggers: readonly CatalogueTrigger[];
  /** Partitions, and tables that inherit, with the tables that their rows show in as well. */
  readonly inherits: readonly { readonly child: string; readonly parent: string }[];
  /** Virtual tables of SQLite with the tables that they are made from: an index for full-text search shows the text of another table. */
  readonly shows: readonly { readonly table: string; readonly source: string }[];
  /** Views, which a trigger may write to as if they were tables. */
  readonly views: readonly string[];
  /** Columns that the database fills when another one changes. */
  readonly derived: readonly { readonly table: string; readonly column: string }[];
  readonly collations: readonly CatalogueCollation[];
  /** Tables that keep what a transaction wrote although it is rolled back: those of MyISAM, Aria and MEMORY. */
  readonly withoutRollback: readonly string[];
  /** What the client may not see, if there is something. */
  readonly missing: readonly string[];
}
