import { Filler } from './filler.js';
import { Finder } from './finder.js';
import { Judgment } from './judgment.js';
import { Loader } from './loader.js';
import { Lookup } from './lookup.js';
import { Projections } from './projections.js';
import type { ReadDeps } from './read-deps.js';
import { ReadReport } from './read-report.js';
import { ReadThrough } from './read-through.js';
import { StrongReads } from './strong-reads.js';

/** The paths of a cache's reads. */
export interface ReadPaths {
  readonly reads: ReadThrough;
  readonly finder: Finder;
  readonly report: ReadReport;
}

/** Composes the paths of reads over one judgment, one look-up and one loader. */
export function readPaths(deps: ReadDeps): ReadPaths {
  const report = new ReadReport(deps);
  const judgment = new Judgment(deps.tail, deps.maxStale);
  const filler = new Filler(deps);
  const lookup = new Lookup({ ...deps, judgment, filler });
  const loader = new Loader({ ...deps, judgment, filler });
  const parts = { ...deps, judgment, filler, lookup, loader, report };
  const strong = new StrongReads(parts);
  const projections = new Projections(deps.memory, deps.valueTypes);
  return { reads: new ReadThrough({ ...parts, strong, projections }), finder: new Finder(parts), report };
}
