import type { ResetCause } from '../../../packages/core/src/tail/log-view.js';

/** What a process knows of the log. It is in exactly one of these states. */
export type TailState = 'unknown' | 'unconfirmed' | 'confirmed' | 'doubted' | 'closed';

/** What can also be true, and changes what an input does. Each lies over some of the states. */
export type TailFlag = 'asked' | 'overtaken' | 'returning' | 'stranded' | 'quarantined';

/** Everything that can happen to the tail of a process. */
export type TailInput =
  | 'message-next'
  | 'message-known'
  | 'message-contradicting'
  | 'message-gap'
  | 'message-other-epoch'
  | 'gap'
  | 'append'
  | 'append-failed'
  | 'ack-next'
  | 'ack-known'
  | 'ack-contradicting'
  | 'ack-ahead'
  | 'ack-other-epoch'
  | 'reply'
  | 'reply-short'
  | 'reply-stuck'
  | 'reply-contradicting'
  | 'reply-behind'
  | 'reply-clock-back'
  | 'reset'
  | 'reset-made-good'
  | 'reset-epoch'
  | 'reset-overlapping'
  | 'sync-failed'
  | 'heartbeat'
  | 'bound-passes'
  | 'bounded-read'
  | 'strong-read'
  | 'close';

/** What an input does in a state. */
export interface Expected {
  /** The state afterwards. */
  readonly to: TailState;
  /** `begins`: it had none, or one of another epoch. */
  readonly position: 'stays' | 'moves' | 'back' | 'begins';
  /** Which entries from before the input are still valid: `others` are those that its record cannot affect. */
  readonly valid: 'all' | 'others' | 'none';
  /** Whether another request to the log follows. */
  readonly asks: boolean;
  /** The events `log-reset`. */
  readonly distrusts: readonly (ResetCause | 'outage')[];
  /** `refused`: the reply reached the head of the log, and confirms nothing because changes of this process wait. */
  readonly confirmation: 'kept' | 'renewed' | 'refused' | 'withdrawn';
  readonly why: string;
}

/** An input that cannot reach a tail in that state. The test tries, and fails if it can. */
export interface Unreachable {
  readonly unreachable: string;
}

export type Cell = Expected | Unreachable;

/** What each state means. */
export const STATES: Readonly<Record<TailState, string>> = {
  unknown: 'The log has not replied yet. The process has no position.',
  unconfirmed:
    'The process has a position. The request that confirmed it last was sent longer than `maxStaleness` ago.',
  confirmed: 'The process has a position, and sent a request that confirmed it less than `maxStaleness` ago.',
  doubted: 'A message was wrong. The process forgot what rests on messages, and needs a new beginning from the log.',
  closed: 'The cache is closed. What was sent before may still be acknowledged.',
};

/** What each flag means. */
export const FLAGS: Readonly<Record<TailFlag, string>> = {
  asked: 'a request to the log is under way',
  overtaken: 'a request is under way that was sent before the process withdrew its confirmation',
  returning: 'the log failed, and the last confirmation is longer than `maxStaleness` ago',
  stranded: 'changes of this process wait, and the log still refuses them',
  quarantined: 'with `intents`: writes that were announced to a log which is gone may still commit',
};

/** What each input is. */
export const INPUTS: Readonly<Record<TailInput, string>> = {
  'message-next': 'a message with the next record',
  'message-known': 'a message with a record that is known',
  'message-contradicting': 'a message with another record than the process took for that position',
  'message-gap': 'a message with a record after a gap',
  'message-other-epoch': 'a message of another epoch',
  gap: 'messages may have been missed',
  append: 'the process begins to append its own changes',
  'append-failed': 'the append fails',
  'ack-next': 'acknowledgement of an own record: the next one',
  'ack-known': '… whose message came first',
  'ack-contradicting': '… for which a message had put another one',
  'ack-ahead': '… after records that the process has not seen',
  'ack-other-epoch': '… in another epoch',
  reply: 'a reply that reaches the head of the log',
  'reply-short': 'a reply that brings records, but not all',
  'reply-stuck': 'a reply that brings none of the missing records',
  'reply-contradicting': 'a reply with another record than a message brought',
  'reply-behind': 'a reply whose head is before a record that a message brought',
  'reply-clock-back': "a reply that shows that the log's clock was set back",
  reset: 'a reset: the log no longer has what follows',
  'reset-made-good': 'a reset whose head own acknowledgements have reached meanwhile',
  'reset-epoch': 'a reset: another epoch',
  'reset-overlapping': 'a reset: another epoch, which began before the last one took a record of this process',
  'sync-failed': 'the request to the log fails',
  heartbeat: 'a third of `maxStaleness` passes',
  'bound-passes': '`maxStaleness` passes without a reply',
  'bounded-read': 'a read needs a confirmation',
  'strong-read': 'a strong read needs a confirmation',
  close: 'the cache closes',
};

const FIRST_REPLY = 'The first reply covers every record before it.';
const NO_POSITION = 'Without a position, an acknowledgement has no place: it is kept, and the log is asked again.';
const BEGINNING = 'A process without a read position takes any reply as a new beginning at its head.';
const NO_REQUEST = 'A closed process sends no request, and closing waits for the request under way.';
const CLOSED = 'A closed process serves nothing, so it asks for nothing.';
const ACKS_AT_THE_END =
  'The last delivery is acknowledged after the process closed: it is judged, and no request follows.';
const NEXT = 'The record is applied. A message may have waited in a buffer, so it confirms nothing.';
const KNOWN = 'A repeated message says nothing new.';
const CONTRADICTED = 'One of two messages was wrong, so everything that rests on messages is forgotten.';
const GAP = 'Nothing is skipped: the log is asked. The confirmation keeps its own bound.';
const APPEND = 'A process sees its own changes from the call of `append` on, whatever the log says.';
const FAILED_APPEND = 'The changes wait for the next delivery, and affect every entry here until then.';
const OWN = 'The acknowledgement is the log’s own word: the record is applied before the writer gets its result.';
const OWN_AHEAD = 'The record judges entries beside the tail. The position never passes a record that was not seen.';
const OWN_ELSEWHERE = 'The log began another epoch: nothing is confirmed until a request that is sent from now on.';
const REPLY = 'Every record up to the head is read. The confirmation is as old as the request.';
const SHORT = 'The last piece confirms. The next request begins at the new position.';
const STUCK = 'The same request would bring nothing again.';
const BEHIND = 'What lies beyond the head of the log was never in it, so a message was wrong.';
const CLOCK = 'Entries are older than their dates say: the process invalidates everything, through the log.';
const TRIMMED = 'Records between are unknown: everything from before is distrusted.';
const MADE_GOOD = 'Nothing is missing between the position and the head.';
const EPOCH = 'Positions of two epochs cannot be compared: everything from before is distrusted.';
const OVERLAPPING = 'The new epoch may lack that record: the process invalidates everything, through the log.';
const FAILED = 'What is known stays known. The bound ends the confirmation.';
const HEARTBEAT = 'Three requests within the bound, so that one lost reply costs nothing.';
const BOUND = 'A confirmation holds for `maxStaleness`.';
const CONFIRMED_ALREADY = 'A confirmation within the bound is enough.';
const READ = 'A read that needs a confirmation asks, or joins the request under way.';
const STRONG = 'A strong read needs a request that is sent after the read began.';
const CLOSE = 'Closing waits for requests and deliveries under way, delivers what waits, and closes the log.';

/** Nothing changes, for the entries of `state` either. */
function nothing(state: TailState, why: string): Expected {
  const valid = state === 'unknown' ? 'none' : 'all';
  return { to: state, position: 'stays', valid, asks: false, distrusts: [], confirmation: 'kept', why };
}

/** Nothing changes but that the log is asked. */
function asks(state: TailState, why: string): Expected {
  return { ...nothing(state, why), asks: true };
}

/** The record judges entries; the position does not move. */
function judged(state: TailState, why: string): Expected {
  return { ...nothing(state, why), valid: 'others' };
}

/** The record judges entries, and the position moves to it. */
function applied(state: TailState, why: string): Expected {
  return { ...judged(state, why), position: 'moves' };
}

/** A message was wrong. */
function doubt(why: string): Expected {
  const now = { to: 'doubted', position: 'back', valid: 'none', asks: true } as const;
  return { ...now, distrusts: [], confirmation: 'withdrawn', why };
}

/** Everything from before is distrusted, and the log is confirmed. */
function begins(position: Expected['position'], because: ResetCause, why: string): Expected {
  const now = { to: 'confirmed', position, valid: 'none', asks: false } as const;
  return { ...now, distrusts: [because], confirmation: 'renewed', why };
}

function unreachable(why: string): Unreachable {
  return { unreachable: why };
}

/** The cells of a process that has a position and no doubt. */
function known(state: 'confirmed' | 'unconfirmed'): Readonly<Record<TailInput, Cell>> {
  return {
    'message-next': applied(state, NEXT),
    'message-known': nothing(state, KNOWN),
    'message-contradicting': doubt(CONTRADICTED),
    'message-gap': asks(state, GAP),
    'message-other-epoch': asks(state, GAP),
    gap: asks(state, GAP),
    append: judged(state, APPEND),
    'append-failed': judged(state, FAILED_APPEND),
    'ack-next': applied(state, OWN),
    'ack-known': applied(state, OWN),
    'ack-contradicting': doubt(CONTRADICTED),
    'ack-ahead': { ...judged(state, OWN_AHEAD), asks: true },
    'ack-other-epoch': { ...judged('unconfirmed', OWN_ELSEWHERE), asks: true, confirmation: 'withdrawn' },
    reply: { ...applied('confirmed', REPLY), confirmation: 'renewed' },
    'reply-short': { ...applied(state, SHORT), asks: true },
    'reply-stuck': nothing(state, STUCK),
    'reply-contradicting': doubt(CONTRADICTED),
    'reply-behind': doubt(BEHIND),
    'reply-clock-back': { ...applied(state, CLOCK), valid: 'none', confirmation: 'refused' },
    reset: begins('moves', 'trimmed', TRIMMED),
    'reset-made-good': { ...nothing('confirmed', MADE_GOOD), confirmation: 'renewed' },
    'reset-epoch': begins('begins', 'epoch', EPOCH),
    'reset-overlapping': { ...begins('begins', 'epoch', OVERLAPPING), to: state, confirmation: 'refused' },
    'sync-failed': nothing(state, FAILED),
    heartbeat: asks(state, HEARTBEAT),
    'bound-passes': asks('unconfirmed', BOUND),
    'bounded-read': state === 'confirmed' ? nothing(state, CONFIRMED_ALREADY) : asks(state, READ),
    'strong-read': asks(state, STRONG),
    close: nothing('closed', CLOSE),
  };
}

/** What every input does in every state. */
export const TAIL: Readonly<Record<TailState, Readonly<Record<TailInput, Cell>>>> = {
  unknown: {
    'message-next': nothing('unknown', FIRST_REPLY),
    'message-known': nothing('unknown', FIRST_REPLY),
    'message-contradicting': nothing('unknown', FIRST_REPLY),
    'message-gap': nothing('unknown', FIRST_REPLY),
    'message-other-epoch': nothing('unknown', FIRST_REPLY),
    gap: asks('unknown', GAP),
    append: nothing('unknown', APPEND),
    'append-failed': nothing('unknown', FAILED_APPEND),
    'ack-next': asks('unknown', NO_POSITION),
    'ack-known': asks('unknown', NO_POSITION),
    'ack-contradicting': asks('unknown', NO_POSITION),
    'ack-ahead': asks('unknown', NO_POSITION),
    'ack-other-epoch': asks('unknown', NO_POSITION),
    reply: begins('begins', 'start', BEGINNING),
    'reply-short': begins('begins', 'start', BEGINNING),
    'reply-stuck': begins('begins', 'start', BEGINNING),
    'reply-contradicting': begins('begins', 'start', BEGINNING),
    'reply-behind': begins('begins', 'start', BEGINNING),
    'reply-clock-back': begins('begins', 'start', BEGINNING),
    reset: begins('begins', 'start', BEGINNING),
    'reset-made-good': unreachable('Without a read position nothing can be made good.'),
    'reset-epoch': begins('begins', 'start', BEGINNING),
    'reset-overlapping': { ...begins('begins', 'start', OVERLAPPING), to: 'unconfirmed', confirmation: 'refused' },
    'sync-failed': nothing('unknown', FAILED),
    heartbeat: asks('unknown', HEARTBEAT),
    'bound-passes': asks('unknown', HEARTBEAT),
    'bounded-read': asks('unknown', READ),
    'strong-read': asks('unknown', STRONG),
    close: { ...nothing('closed', CLOSE), valid: 'none' },
  },
  unconfirmed: known('unconfirmed'),
  confirmed: known('confirmed'),
  doubted: {
    'message-next': applied('doubted', NEXT),
    'message-known': nothing('doubted', KNOWN),
    'message-contradicting': { ...doubt(CONTRADICTED), confirmation: 'kept' },
    'message-gap': asks('doubted', GAP),
    'message-other-epoch': asks('doubted', GAP),
    gap: asks('doubted', GAP),
    append: judged('doubted', APPEND),
    'append-failed': judged('doubted', FAILED_APPEND),
    'ack-next': applied('doubted', OWN),
    'ack-known': applied('doubted', OWN),
    'ack-contradicting': { ...doubt(CONTRADICTED), confirmation: 'kept' },
    'ack-ahead': { ...judged('doubted', OWN_AHEAD), asks: true },
    'ack-other-epoch': { ...judged('doubted', OWN_ELSEWHERE), asks: true },
    reply: begins('moves', 'contradicted', BEGINNING),
    'reply-short': begins('moves', 'contradicted', BEGINNING),
    'reply-stuck': begins('moves', 'contradicted', BEGINNING),
    'reply-contradicting': begins('stays', 'contradicted', BEGINNING),
    'reply-behind': begins('back', 'contradicted', BEGINNING),
    'reply-clock-back': { ...begins('moves', 'contradicted', CLOCK), to: 'unconfirmed', confirmation: 'refused' },
    reset: begins('moves', 'contradicted', BEGINNING),
    'reset-made-good': unreachable('Without a read position nothing can be made good.'),
    'reset-epoch': begins('begins', 'epoch', EPOCH),
    'reset-overlapping': { ...begins('begins', 'epoch', OVERLAPPING), to: 'unconfirmed', confirmation: 'refused' },
    'sync-failed': nothing('doubted', FAILED),
    heartbeat: asks('doubted', HEARTBEAT),
    'bound-passes': asks('doubted', HEARTBEAT),
    'bounded-read': asks('doubted', READ),
    'strong-read': asks('doubted', STRONG),
    close: nothing('closed', CLOSE),
  },
  closed: {
    'message-next': nothing('closed', CLOSED),
    'message-known': nothing('closed', CLOSED),
    'message-contradicting': nothing('closed', CLOSED),
    'message-gap': nothing('closed', CLOSED),
    'message-other-epoch': nothing('closed', CLOSED),
    gap: nothing('closed', CLOSED),
    append: judged('closed', APPEND),
    'append-failed': judged('closed', FAILED_APPEND),
    'ack-next': applied('closed', ACKS_AT_THE_END),
    'ack-known': applied('closed', ACKS_AT_THE_END),
    'ack-contradicting': { ...doubt(ACKS_AT_THE_END), to: 'closed', asks: false },
    'ack-ahead': judged('closed', ACKS_AT_THE_END),
    'ack-other-epoch': { ...judged('closed', ACKS_AT_THE_END), confirmation: 'withdrawn' },
    reply: unreachable(NO_REQUEST),
    'reply-short': unreachable(NO_REQUEST),
    'reply-stuck': unreachable(NO_REQUEST),
    'reply-contradicting': unreachable(NO_REQUEST),
    'reply-behind': unreachable(NO_REQUEST),
    'reply-clock-back': unreachable(NO_REQUEST),
    reset: unreachable(NO_REQUEST),
    'reset-made-good': unreachable(NO_REQUEST),
    'reset-epoch': unreachable(NO_REQUEST),
    'reset-overlapping': unreachable(NO_REQUEST),
    'sync-failed': unreachable(NO_REQUEST),
    heartbeat: nothing('closed', CLOSED),
    'bound-passes': nothing('closed', CLOSED),
    'bounded-read': nothing('closed', CLOSED),
    'strong-read': nothing('closed', CLOSED),
    close: nothing('closed', CLOSED),
  },
};

/** How a flag changes what an input does. */
export type Effect = keyof typeof EFFECTS;

/** From the cell of the state, and that state, to what happens under the flag. */
export const EFFECTS = {
  /** The flag changes nothing. */
  same: (without: Expected): Expected => without,
  /** The request under way is enough. */
  joins: (without: Expected): Expected => ({ ...without, asks: false }),
  /** Another request follows the one under way, whatever its reply. The confirmation was withdrawn before. */
  'asks again': (without: Expected): Expected => ({ ...without, asks: true, confirmation: 'kept' }),
  /** The reply changes nothing, and another request follows. */
  dropped: (_without: Expected, state: TailState): Expected => asks(state, ''),
  /** Not before the request under way has ended. */
  waits: (without: Expected, state: TailState): Expected => ({ ...without, to: state }),
  /** The same, and another request follows. */
  'waits, asks again': (without: Expected, state: TailState): Expected => ({ ...without, to: state, asks: true }),
  /** When the head is reached, everything from before is distrusted, unless it is anyway because of a new epoch. */
  outage: (without: Expected): Expected => {
    const reached = without.confirmation === 'renewed' || without.confirmation === 'refused';
    if (!reached || without.distrusts.some((because) => because === 'start' || because === 'epoch')) return without;
    return { ...without, valid: 'none', distrusts: [...without.distrusts, 'outage'] };
  },
  /** Before it asks, a process that returns appends a record of nothing, which then lies before the head. */
  impossible: (): Unreachable => unreachable('The mark of the outage lies before the head.'),
  /** No request is sent while the log refuses what waits, and no reply confirms. */
  refused: (without: Expected, state: TailState): Expected => {
    const refuses = without.confirmation === 'renewed';
    const to = refuses && state !== 'confirmed' ? 'unconfirmed' : without.to;
    return { ...without, to, asks: false, confirmation: refuses ? 'refused' : without.confirmation };
  },
} as const satisfies Record<string, (without: Expected, state: TailState) => Cell>;

/** Over which states each flag lies. */
export const FLAG_OVER: Readonly<Record<TailFlag, Readonly<Record<TailState, true | Unreachable>>>> = {
  asked: { unknown: true, unconfirmed: true, confirmed: true, doubted: true, closed: unreachable(NO_REQUEST) },
  overtaken: {
    unknown: true,
    unconfirmed: true,
    confirmed: unreachable('What overtakes a request withdraws the confirmation, and the next one waits for its end.'),
    doubted: true,
    closed: unreachable(NO_REQUEST),
  },
  returning: {
    unknown: true,
    unconfirmed: true,
    confirmed: unreachable('The last confirmation is then longer ago than the bound.'),
    doubted: true,
    closed: unreachable('It matters to replies only, and a closed process gets none.'),
  },
  stranded: { unknown: true, unconfirmed: true, confirmed: true, doubted: true, closed: true },
  quarantined: {
    unknown: unreachable('The first reply begins the quarantine.'),
    unconfirmed: true,
    confirmed: true,
    doubted: true,
    closed: true,
  },
};

/** The same effect for every input of a kind. */
function each(messages: Effect, appends: Effect, replies: Effect, time: Effect, close: Effect) {
  return {
    'message-next': messages,
    'message-known': messages,
    'message-contradicting': messages,
    'message-gap': messages,
    'message-other-epoch': messages,
    gap: messages,
    append: appends,
    'append-failed': appends,
    'ack-next': appends,
    'ack-known': appends,
    'ack-contradicting': appends,
    'ack-ahead': appends,
    'ack-other-epoch': appends,
    reply: replies,
    'reply-short': replies,
    'reply-stuck': replies,
    'reply-contradicting': replies,
    'reply-behind': replies,
    'reply-clock-back': replies,
    reset: replies,
    'reset-made-good': replies,
    'reset-epoch': replies,
    'reset-overlapping': replies,
    'sync-failed': replies,
    heartbeat: time,
    'bound-passes': time,
    'bounded-read': time,
    'strong-read': time,
    close,
  } satisfies Record<TailInput, Effect>;
}

/** How each flag changes what an input does in the states over which it lies. */
export const FLAG_EFFECTS: Readonly<Record<TailFlag, Readonly<Record<TailInput, Effect>>>> = {
  asked: { ...each('same', 'same', 'same', 'joins', 'waits'), 'strong-read': 'same' },
  overtaken: each('asks again', 'asks again', 'dropped', 'asks again', 'waits, asks again'),
  returning: { ...each('same', 'same', 'outage', 'same', 'same'), 'reset-made-good': 'impossible' },
  stranded: each('refused', 'refused', 'refused', 'refused', 'refused'),
  quarantined: each('same', 'same', 'same', 'same', 'same'),
};
