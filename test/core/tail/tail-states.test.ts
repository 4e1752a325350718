import { describe, expect, it } from 'vitest';
import { type Observed, PlayedTail } from './played-tail.js';
import {
  type Cell,
  EFFECTS,
  FLAG_EFFECTS,
  FLAG_OVER,
  INPUTS,
  STATES,
  TAIL,
  type TailFlag,
  type TailInput,
  type TailState,
} from './tail-states.js';

const states = Object.keys(STATES) as TailState[];
const inputs = Object.keys(INPUTS) as TailInput[];
const flags = Object.keys(FLAG_OVER) as TailFlag[];

describe.each(states)('a tail that is %s', (state) => {
  it.each(inputs)(`does what the table says on ${state} × %s`, async (input) => {
    const played = await PlayedTail.at(state, undefined, input);
    expect(played.state).toBe(state);

    const observed = await played.send(input);

    expectCell(observed, TAIL[state][input]);
  });
});

describe.each(flags)('the flag %s', (flag) => {
  describe.each(states)('over %s', (state) => {
    if (FLAG_OVER[flag][state] !== true) {
      it(`${flag} cannot be raised over ${state}`, async () => {
        expect((await PlayedTail.at(state, flag, 'gap')).raised(flag, state)).toBe(false);
      });
      return;
    }
    it.each(inputs)(`changes only what the table says on ${state} and ${flag} × %s`, async (input) => {
      const played = await PlayedTail.at(state, flag, input);
      expect([played.state, played.raised(flag, state)]).toEqual([state, true]);

      const observed = await played.send(input);

      expectCell(observed, cellUnder(flag, state, input));
    });
  });
});

function cellUnder(flag: TailFlag, state: TailState, input: TailInput): Cell {
  const cell = TAIL[state][input];
  return 'unreachable' in cell ? cell : EFFECTS[FLAG_EFFECTS[flag][input]](cell, state);
}

function expectCell(observed: Observed | undefined, cell: Cell): void {
  if ('unreachable' in cell) {
    expect(observed).toBeUndefined();
  } else {
    const { why: _, ...expected } = cell;
    expect(observed).toEqual(expected);
  }
}
