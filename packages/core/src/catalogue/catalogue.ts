/** What PostgreSQL says of a function: whether it may change anything, and whether its answer may change. */
export type Volatility = 'immutable' | 'stable' | 'volatile';

/** A function that is not the database's own, with all its overloads. */
export interface CatalogueFunction {
  readonly schema: string;
  readonly name: string;
  /** The worst of its overloads. */
  readonly volatility: Volatility;
  /** Whether an extension brought all of them. */
  readonly ofExtension: boolean;
}

/** What a database says of its functions. */
export interface CatalogueFunctions {
  /** The schemas in which a name without a schema is looked for. */
  readonly path: readonly string[];
  readonly functions: readonly CatalogueFunction[];
  /** Functions of the server itself that the lists of this package may lack. */
  readonly ofServer: readonly Pick<CatalogueFunction, 'name' | 'volatility'>[];
  /**
   * Functions that can be written like a column (`users.bump`) and may write, with the tables that have a column of that
   * name: theirs is the column.
   */
  readonly likeColumns: ReadonlyMap<string, ReadonlySet<string>>;
}
