/** A column, with the few values that it may take: few, so that rows collide. */
export interface ColumnShape {
  readonly type:
    | 'int'
    | 'bigint'
    | 'float'
    | 'decimal'
    | 'text'
    /** Of which the database finds different strings equal. */
    | 'folded'
    | 'boolean'
    | 'date'
    | 'role'
    | 'uuid'
    | 'bytes'
    | 'json'
    | 'list'
    | 'other';
  readonly values: readonly unknown[];
  /** More values for new rows, where no other row may have the same. */
  readonly fresh?: readonly unknown[];
  readonly nullable?: boolean;
  /** Has a default: a create may leave it out. */
  readonly optional?: boolean;
  /** Only in the inputs that Prisma calls unchecked: generated ids and foreign keys. */
  readonly unchecked?: boolean;
  /** Only the database writes it. */
  readonly generated?: boolean;
}

/** A relation, seen from one model. */
export interface RelationShape {
  readonly target: string;
  /** What the relation is called on the other side. */
  readonly back: string;
  readonly kind: 'here' | 'there' | 'lists';
  readonly list: boolean;
  /** The foreign key's fields: of this model (`here`) or of the target (`there`). */
  readonly key?: readonly string[];
  /** Of a relation that is here: a row needs it. */
  readonly required?: boolean;
}

/** A model, as the generators of random operations know it: by hand, so that no error of the analysis is repeated. */
export interface ModelShape {
  readonly columns: Readonly<Record<string, ColumnShape>>;
  /** Every unique key, the primary one first. */
  readonly keys: readonly (readonly string[])[];
  readonly relations: Readonly<Record<string, RelationShape>>;
  /** A view: it is only read. */
  readonly view?: boolean;
}

export type Shape = Readonly<Record<string, ModelShape>>;

/** The model `name` of `shape`. */
export function modelOf(shape: Shape, name: string): ModelShape {
  const model = shape[name];
  if (model === undefined) throw new Error(`no model ${name}`);
  return model;
}

/** Arguments of an operation. */
export type Args = Readonly<Record<string, unknown>>;

/** A relation whose foreign key is in this model's columns: of one that every row has. */
export function to(target: string, back: string, ...key: string[]): RelationShape {
  return { target, back, key, kind: 'here', list: false, required: true };
}

/** … of one that a row may do without. */
export function mayTo(target: string, back: string, ...key: string[]): RelationShape {
  return { ...to(target, back, ...key), required: false };
}

/** The other side of {@link to}: many rows. */
export function many(target: string, back: string, ...key: string[]): RelationShape {
  return { target, back, key, kind: 'there', list: true };
}

/** The other side of {@link to}: at most one row. */
export function one(target: string, back: string, ...key: string[]): RelationShape {
  return { ...many(target, back, ...key), list: false };
}

/** A side of a relation between many and many. */
export function lists(target: string, back: string): RelationShape {
  return { target, back, kind: 'lists', list: true };
}

export function text(...values: string[]): ColumnShape {
  return { type: 'text', values };
}

/** A column of which every row has another value. */
export function unique(...values: string[]): ColumnShape {
  return { type: 'text', values, fresh: Array.from({ length: 20 }, (_, at) => `new ${at}`) };
}
