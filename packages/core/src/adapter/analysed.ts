import { InvalidOptionError } from '../errors.js';
import { EVERYTHING } from '../match/change.js';
import { messageOf } from '../plain.js';
import type { ReadAnalysis, WriteAnalysis } from '../schema/analysis.js';

/** What `analyse` returns; everything if it throws: an error of the analysis must not fail the write. */
export function analysedOrEverything(analyse: () => WriteAnalysis): WriteAnalysis {
  try {
    return analyse();
  } catch (error) {
    return { changes: [EVERYTHING], widened: `analysis-failed: ${messageOf(error)}` };
  }
}

/**
 * What `analyse` returns; a refusal if it throws: the read then goes to the database.
 *
 * @throws {@link InvalidOptionError} as `analyse` does: the caller gave a wrong option.
 */
export function analysedOrRefused(analyse: () => ReadAnalysis): ReadAnalysis {
  try {
    return analyse();
  } catch (error) {
    if (error instanceof InvalidOptionError) throw error;
    return { cacheable: false, reason: `analysis-failed: ${messageOf(error)}` };
  }
}
