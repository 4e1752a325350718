/**
 * An encoded value: `[shapes, classes, tree]`, packed as MessagePack.
 *
 * In the tree, `null`, booleans, numbers, strings and bytes stand for themselves. Everything else is an array that begins
 * with a code: that of a row is the number of its shape, and the others are below.
 */
export type Wire = readonly [shapes: readonly WireShape[], classes: readonly string[], tree: unknown];

/** The names of a row's columns, and how the cells of each are written ({@link ANY}, {@link DATES}, …). */
export type WireShape = readonly [keys: readonly string[], columns: readonly number[]];

/** `[LIST, …items]` */
export const LIST = -1;
/** `[TABLE, shape, rows, …cells]`: rows of one shape, column by column. */
export const TABLE = -2;
/** `[UNDEFINED]` */
export const UNDEFINED = -3;
/** `[NEGATIVE_ZERO]` */
export const NEGATIVE_ZERO = -4;
/** `[DATE, milliseconds]` */
export const DATE = -5;
/** `[BIGINT, decimal string]` */
export const BIGINT = -6;
/** `[BUFFER, bytes]` */
export const BUFFER = -7;
/** `[CLASS, number of the class, string]` */
export const CLASS = -8;

/** The most decimal digits of a bigint: the time to parse one grows with the square of its length. */
export const MOST_DIGITS = 10_000;

/** A column whose cells are trees. */
export const ANY = 0;
/** A column of dates: milliseconds, or `null`. */
export const DATES = 1;
/** A column of bigints: decimal strings, or `null`. */
export const BIGINTS = 2;
/** A column of buffers: bytes, or `null`. */
export const BUFFERS = 3;
/** A column of rows. Its first cell is the tree of all of them in one list, the others are `null`. */
export const ROWS = 4;
/** A column of lists: their lengths. The first cell is `[length, tree of all items in one list]`. */
export const LISTS = 5;
/** A column of one class: its strings, or `null`. Added to the number of the class. */
export const CLASSES = 6;
