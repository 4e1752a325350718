import { copierFor } from '../entry/copier.js';
import type { ValueType } from '../entry/value-type.js';
import { CodecError } from '../errors.js';
import type { MemoryTier } from '../tier/memory-tier.js';
import type { Projection } from './query.js';
import type { Resident } from './resident.js';
import { projectionWeight } from './resident-weight.js';

/** Serves hits of queries that have a {@link Projection}, and keeps projections beside their entries. */
export class Projections {
  readonly #memory: MemoryTier<Resident> | undefined;
  readonly #valueTypes: readonly ValueType[];

  constructor(memory: MemoryTier<Resident> | undefined, valueTypes: readonly ValueType[]) {
    this.#memory = memory;
    this.#valueTypes = valueTypes;
  }

  /** What a hit on `resident` returns to a query with `projection`. */
  serve<Value>(key: string, resident: Resident<Value>, projection: Projection<Value>): Value {
    const kept = resident.projected;
    if (kept?.id === projection.id) {
      kept.requested = true;
      return projection.reuse(kept.copy(), resident.entry.value) as Value;
    }
    // Another one takes its place only after two hits without a request for it: two in turn must not displace each other.
    if (kept?.requested === true) kept.requested = false;
    else projection.store((projected) => this.#keep(key, resident, projection.id, projected));
    return resident.copy();
  }

  #keep<Value>(key: string, resident: Resident<Value>, id: object, projected: unknown): unknown {
    try {
      const copy = copierFor(projected, this.#valueTypes);
      const weight = projectionWeight(projected);
      // The entry may have been evicted or replaced since the hit.
      const grown = this.#memory?.grow(key, resident as Resident, weight - (resident.projected?.weight ?? 0));
      if (grown !== true) return projected;
      resident.projected = { id, copy, weight, requested: false };
      return copy();
    } catch (error) {
      if (error instanceof CodecError) return projected;
      throw error;
    }
  }
}
