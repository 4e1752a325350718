import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeValue } from '../../../packages/core/src/entry/codec.js';
import { leastBytes } from '../../../packages/core/src/entry/least-bytes.js';
import { CodecError } from '../../../packages/core/src/errors.js';
import { answers, moneyType } from './answers.js';

it('the estimated least number of bytes is never more than encoding takes', () => {
  fc.assert(
    fc.property(answers, (value) => {
      let length: number;
      try {
        length = encodeValue(value, [moneyType]).length;
      } catch (error) {
        if (error instanceof CodecError) return;
        throw error;
      }
      expect(leastBytes(value, Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(length);
    }),
    { numRuns: 500 },
  );
});

it('a large list is not visited beyond the limit', () => {
  let visited = 0;
  const rows = Array.from({ length: 1_000 }, () => ({
    get text() {
      visited += 1;
      return 'x'.repeat(100);
    },
  }));

  expect(leastBytes(rows, 1_000)).toBeGreaterThan(1_000);
  expect(visited).toBeLessThan(12);
});
