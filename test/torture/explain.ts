import type { Violation } from './checker/judge.js';
import type { Timeline } from './checker/timeline.js';
import type { Finding } from './period.js';

/** How many versions before and after the one that was seen. */
const AROUND = 4;
/** How long before and after a read what the caches told is of interest, in milliseconds. */
const NEAR = 3_000;

/** A violation with the history around it. Times are milliseconds from when the read began. */
export function explain({ kind, read, row, what }: Violation, timeline: Timeline, finding: Finding): string {
  const since = (time: number): string => {
    if (Number.isFinite(time)) return (time - read.at).toFixed(1);
    return time < 0 ? 'at the start' : 'never';
  };
  const { fault, from, until, events } = finding;
  const seen = read.rows.find(([name]) => name === row)?.[1];
  const versions = timeline.rows.get(row) ?? [];
  const due = seen ?? versions.findLastIndex((version) => version !== undefined && version.committedBy < read.at);
  const histories = versions.slice(Math.max(0, due - AROUND), due + AROUND + 1).flatMap((version) => {
    if (version === undefined) return [];
    const { number, wid, committedBy, state } = version;
    const write = timeline.writeOf(version);
    const answer = write?.answer;
    const outcome =
      answer === undefined
        ? 'never answered'
        : `answered ${since(answer.at)}${answer.error === undefined ? '' : ` (${answer.error})`}${answer.waits ? ', waits for the log' : ''}`;
    return [
      `    ${row} version ${number}: ${write?.kind} ${wid} of life ${write?.life}, asked for ${since(write?.at ?? Number.NaN)}, ${outcome}, seen committed ${since(committedBy)}, ${JSON.stringify(state ?? 'removed')}`,
    ];
  });
  const told = events
    .filter(({ at }) => Math.abs(at - read.at) < NEAR)
    .map(({ at, life, event }) => `    ${since(at)} life ${life}: ${event}`);
  return [
    `${kind.toUpperCase()}: ${fault.id} (${fault.name}, from ${since(from)} until ${since(until)})`,
    `  life ${read.life} read ${read.kind} ${read.argument}, answered after ${since(read.until)} by ${read.source}${read.reason === undefined ? '' : ` (${read.reason})`}, log ${read.log}`,
    `  ${row}: ${what}`,
    `  saw ${JSON.stringify(read.rows)}`,
    ...histories,
    ...told,
  ].join('\n');
}
