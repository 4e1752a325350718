import {
  type Cell,
  FLAG_EFFECTS,
  FLAG_OVER,
  FLAGS,
  INPUTS,
  STATES,
  TAIL,
  type TailFlag,
  type TailInput,
  type TailState,
} from '../core/tail/tail-states.js';

const states = Object.keys(STATES) as TailState[];
const inputs = Object.keys(INPUTS) as TailInput[];
const flags = Object.keys(FLAGS) as TailFlag[];

const KINDS: Readonly<Record<string, (input: TailInput) => boolean>> = {
  messages: (input) => /^(message|gap)/.test(input),
  'own changes': (input) => /^(append|ack)/.test(input),
  replies: (input) => /^(reply|reset|sync)/.test(input),
  'time and reads': (input) => /^(heartbeat|bound|strong)/.test(input),
  close: (input) => input === 'close',
};

const POSITION = { stays: [], moves: ['moves'], back: ['goes back'], begins: ['begins'] } as const;
const VALID = { all: [], others: ['judged'], none: ['all invalid'] } as const;

/** The tables of the tail as the page on the log shows them. */
export function tailTables(): string {
  return [
    table(
      ['state', 'means'],
      states.map((state) => [`*${state}*`, STATES[state]]),
    ),
    table(
      ['input', ...states.map((state) => `*${state}*`), 'why'],
      inputs.map((input) => [
        `\`${input}\`: ${INPUTS[input]}`,
        ...states.map((state) => words(state, TAIL[state][input])),
        whysOf(input).join(' '),
      ]),
    ),
    table(
      ['flag', 'means', 'never over', ...Object.keys(KINDS)],
      flags.map((flag) => [
        `*${flag}*`,
        FLAGS[flag],
        states.filter((state) => FLAG_OVER[flag][state] !== true).join(', ') || '–',
        ...Object.values(KINDS).map((isOfKind) => effectsOf(flag, inputs.filter(isOfKind))),
      ]),
    ),
  ].join('\n\n');
}

function words(state: TailState, cell: Cell): string {
  if ('unreachable' in cell) return 'cannot happen';
  const { to, position, valid, asks, distrusts, confirmation } = cell;
  const said = [
    ...(to === state ? [] : [`**${to}**`]),
    ...POSITION[position],
    ...(state === 'unknown' ? [] : VALID[valid]),
    ...(confirmation === 'kept' ? [] : [confirmation]),
    ...distrusts.map((because) => `\`${because}\``),
    ...(asks ? ['asks'] : []),
  ];
  return said.length === 0 ? '–' : said.join(', ');
}

/** The reasons of the open states: those of a closed one are the same for all inputs. */
function whysOf(input: TailInput): readonly string[] {
  const cells = states.filter((state) => state !== 'closed').map((state) => TAIL[state][input]);
  return [...new Set(cells.map((cell) => ('unreachable' in cell ? cell.unreachable : cell.why)))];
}

/** The effect that most of `inputs` have under `flag`, and the exceptions. */
function effectsOf(flag: TailFlag, of: readonly TailInput[]): string {
  const [usual = 'same'] = of.map((input) => FLAG_EFFECTS[flag][input]);
  const others = of.filter((input) => FLAG_EFFECTS[flag][input] !== usual);
  return [usual, ...others.map((input) => `\`${input}\`: ${FLAG_EFFECTS[flag][input]}`)].join('; ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
