import { copierFor } from '../entry/copier.js';
import { weightOf } from '../entry/weight.js';
import { CodecError } from '../errors.js';
import type { ReadParts } from './filler.js';
import type { View } from './query.js';
import type { Resident } from './resident.js';

/** Answers hits with what was made of an answer before, where somebody makes something of it. */
export class Views {
  readonly #parts: Pick<ReadParts, 'memory' | 'valueTypes'>;

  constructor(parts: Pick<ReadParts, 'memory' | 'valueTypes'>) {
    this.#parts = parts;
  }

  /** What a read that asks for `view` answers with. */
  show<Value>(key: string, resident: Resident<Value>, view: View<Value>): Value {
    const kept = resident.view;
    if (kept === undefined) view.absent((made) => this.#keep(key, resident, view.of, made));
    else if (kept.of === view.of) return view.found(kept.copy(), resident.entry.value) as Value;
    return resident.copy();
  }

  #keep<Value>(key: string, resident: Resident<Value>, of: object, made: unknown): unknown {
    if (resident.view !== undefined) return made;
    try {
      const copy = copierFor(made, this.#parts.valueTypes);
      // It may have been evicted or replaced since it was found.
      if (this.#parts.memory?.grow(key, resident as Resident, weightOf(made)) !== true) return made;
      resident.view = { of, copy };
      return copy();
    } catch (error) {
      if (error instanceof CodecError) return made;
      throw error;
    }
  }
}
