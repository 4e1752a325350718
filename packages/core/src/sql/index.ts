export { KnownFunctions } from '../catalogue/known-functions.js';
export type { ReadAnalysis, WriteAnalysis } from '../schema/analysis.js';
export { Cascades, type RowsChanged } from '../schema/cascades.js';
export { ChangeList, MOST_CHANGES } from '../schema/change-list.js';
export {
  Declarations,
  type DeclaredModels,
  type DeclaredTables,
  type ModelDeclaration,
  type ModelWords,
} from '../schema/declarations.js';
export { modelsCalled } from '../schema/names.js';
export {
  columnsSetByTriggers,
  factsOf,
  factsWithin,
  factsWithout,
  joinFacts,
  keyColumns,
  uniqueColumns,
} from '../schema/row-facts.js';
export {
  type ComparableKind,
  type Field,
  type ForeignKey,
  type Model,
  type Reference,
  type ReferentialAction,
  type RelationField,
  relationsOf,
  type ScalarField,
  type Schema,
  type SchemaParts,
} from '../schema/schema.js';
export { withStoredNames } from '../schema/stored-names.js';
export { analyseRead, mainModelOf, type ReadContext, viewReads } from './analyse-read.js';
export { analyseWrite, type ReturnedRow } from './analyse-write.js';
export {
  inTransaction,
  isWhole,
  mayName,
  onlyReads,
  type ParsedSql,
  type ParsedStatement,
  parseSql,
} from './parsed-sql.js';
export { ParsedSqlCache } from './parsed-sql-cache.js';
export { lastingChanges, type SessionChange } from './statement/session-changes.js';
