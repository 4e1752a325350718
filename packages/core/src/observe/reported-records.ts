import type { LogRecord } from '../log/log-record.js';
import { modelKey } from '../match/change.js';
import type { Facts, Footprint } from '../match/footprint.js';
import type { ReportedRecord } from '../telemetry/events.js';

/** Replaces the values of rows in an event. */
const HIDDEN = '(hidden)';

/** `records` for an event: values of rows are hidden unless `footprint` contains them. */
export function reportedRecords(records: readonly LogRecord[], footprint: Footprint): readonly ReportedRecord[] {
  return records.map(({ seq, intent, changes }) => ({
    seq,
    intent,
    changes: changes.map((change) => {
      if (change.kind !== 'model') return change;
      const { before, after } = change;
      const known = factsOn(footprint, change.model);
      return { ...change, before: before && hidden(before, known), after: after && hidden(after, known) };
    }),
  }));
}

/** Every set of facts in `footprint` about rows of `model`. */
function factsOn({ dependencies }: Footprint, model: string): readonly Facts[] {
  return dependencies
    .filter((dependency) => modelKey(dependency.model) === modelKey(model))
    .flatMap(({ where = {}, keys = [] }) => [where, ...keys]);
}

function hidden(facts: Facts, known: readonly Facts[]): Facts {
  const reported = Object.entries(facts).map(([column, value]) => [
    column,
    known.some((one) => Object.hasOwn(one, column) && one[column] === value) ? value : HIDDEN,
  ]);
  return Object.fromEntries(reported) as Facts;
}
