import type { Judgment } from './judgment.js';
import type { ResolvedQuery } from './keyed-query.js';
import { type Loader, resultOf } from './loader.js';
import type { Lookup } from './lookup.js';
import type { Load, ReadObserver } from './query.js';
import type { ReadDeps } from './read-deps.js';
import type { ReadReport } from './read-report.js';
import { type ReadResult, SharedLoads } from './shared-loads.js';

/** What {@link StrongReads} work with. */
export interface StrongReadDeps extends Pick<ReadDeps, 'tail' | 'clock' | 'onHit'> {
  readonly judgment: Judgment;
  readonly lookup: Lookup;
  readonly loader: Loader;
  readonly report: ReadReport;
}

/**
 * The path of a read that must be linearizable with respect to acknowledged writes. The read first asks the log, judges
 * entries by its answer, and serves none while an announced write may affect it.
 *
 * Rules and proof: docs/consistency.md.
 */
export class StrongReads {
  readonly #deps: StrongReadDeps;
  /** Only loads: each read must judge entries by a log that it asked itself. */
  readonly #loads: SharedLoads;

  constructor(deps: StrongReadDeps) {
    this.#deps = deps;
    this.#loads = new SharedLoads(deps.tail, deps.clock);
  }

  /** Rejects only with what `load` rejected with. */
  async read<Value>(
    request: ResolvedQuery<Value>,
    load: Load<Value>,
    observe: ReadObserver | undefined,
  ): Promise<Value> {
    const { tail, lookup, judgment, report, onHit } = this.#deps;
    const startedBefore = this.#loads.started;
    const confirmed = await tail.confirmAgain();
    const suspended = tail.view.hasOpenWrite(request.query.footprint);
    const found = confirmed && !suspended ? await lookup.current(request) : 'absent';
    if (typeof found !== 'string') {
      onHit?.(request, load, found.resident, found.source);
      const result = resultOf(found.resident, found.source);
      report.hit(request, result, request.query.footprint, observe);
      return result.value;
    }
    const joined = this.#loads.get<Value>(request.key.local);
    if (joined !== undefined && joined.number > startedBefore) {
      const { copy, ...result } = await joined.result;
      if (copy !== undefined) {
        report.coalesced(request, result, observe);
        return copy();
      }
    }
    const why = !confirmed ? judgment.whyUnconfirmed : suspended ? 'write-under-way' : 'absent';
    report.miss(request, why);
    const result = await this.#load(request, load, why, confirmed);
    report.loaded(request, result.reason ?? why, observe);
    return result.value;
  }

  #load<Value>(
    request: ResolvedQuery<Value>,
    load: Load<Value>,
    why: string,
    confirmed: boolean,
  ): Promise<ReadResult<Value>> {
    const { loader } = this.#deps;
    const { query, key } = request;
    return this.#loads.start<Value>(key.local, query.footprint, () =>
      confirmed
        ? loader.loadAndFill(request, load, { plan: loader.plan(query), why })
        : loader.loadUnkept(request, load, why),
    ).result;
  }
}
