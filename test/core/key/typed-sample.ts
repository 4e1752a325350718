import { Money } from '../entry/answers.js';

/** One question with a value of every class that a key may hold. */
export function typedSample(): unknown {
  return {
    where: {
      price: { gt: new Money('1.50') },
      at: new Date(1_700_000_000_000),
      views: 2n ** 70n,
      raw: new Uint8Array([0, 255]),
    },
    in: [1, 1.5, -0, Number.NaN, 'é€\u{1F600}\ud800', null, undefined, true],
    take: 10,
  };
}
