import { copierFor } from '../entry/copier.js';
import type { ValueType } from '../entry/value-type.js';
import { CodecError } from '../errors.js';
import type { MemoryTier } from '../tier/memory-tier.js';
import type { Mapping } from './query.js';
import type { Resident } from './resident.js';
import { mappingWeight } from './resident-weight.js';

/** Answers hits with what was made of an answer before, where somebody makes something of it. */
export class MappedAnswers {
  readonly #memory: MemoryTier<Resident> | undefined;
  readonly #valueTypes: readonly ValueType[];

  constructor(memory: MemoryTier<Resident> | undefined, valueTypes: readonly ValueType[]) {
    this.#memory = memory;
    this.#valueTypes = valueTypes;
  }

  /** What a read with `mapping` answers with. */
  show<Value>(key: string, resident: Resident<Value>, mapping: Mapping<Value>): Value {
    const kept = resident.mapped;
    if (kept?.of === mapping.of) {
      kept.wanted = true;
      return mapping.found(kept.copy(), resident.entry.value) as Value;
    }
    // One stays as long as others come no oftener: two that take turns must not drive each other out.
    if (kept?.wanted === true) kept.wanted = false;
    else mapping.absent((made) => this.#keep(key, resident, mapping.of, made));
    return resident.copy();
  }

  #keep<Value>(key: string, resident: Resident<Value>, of: object, made: unknown): unknown {
    try {
      const copy = copierFor(made, this.#valueTypes);
      const weight = mappingWeight(made);
      // It may have been evicted or replaced since it was found.
      const grown = this.#memory?.grow(key, resident as Resident, weight - (resident.mapped?.weight ?? 0));
      if (grown !== true) return made;
      resident.mapped = { of, copy, weight, wanted: false };
      return copy();
    } catch (error) {
      if (error instanceof CodecError) return made;
      throw error;
    }
  }
}
