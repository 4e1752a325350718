export { KnownFunctions } from '../catalogue/known-functions.js';
export type { ReadAnalysis, WriteAnalysis } from './analysis.js';
export { Cascades, type RowsChanged } from './cascades.js';
export { ChangeList, MOST_CHANGES } from './change-list.js';
export {
  Declarations,
  type DeclaredModels,
  type DeclaredTables,
  type ModelDeclaration,
  type ModelWords,
} from './declarations.js';
export { modelsCalled } from './names.js';
export { analyseRead, mainModelOf, type ReadContext, viewReads } from './read-dependencies.js';
export {
  columnsSetByTriggers,
  factsOf,
  factsWithin,
  factsWithout,
  joinFacts,
  keyColumns,
  uniqueColumns,
} from './row-facts.js';
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
} from './schema.js';
export { lastingChanges, type SessionChange } from './session-changes.js';
export {
  inTransaction,
  isWhole,
  mayName,
  onlyReads,
  type ReadStatement,
  readSqlText,
  type SqlText,
  SqlTexts,
} from './sql-text.js';
export { analyseWrite, type ReturnedRow } from './write-changes.js';
