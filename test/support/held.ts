/** A promise that a test settles when it wants to: how races are played step by step. */
export interface Held<Value> {
  readonly promise: Promise<Value>;
  release(value: Value): void;
  fail(error: unknown): void;
}

export function held<Value>(): Held<Value> {
  const { promise, resolve, reject } = withResolvers<Value>();
  return { promise, release: resolve, fail: reject };
}

function withResolvers<Value>(): {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (error: unknown) => void;
} {
  let resolve: (value: Value) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<Value>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Lets everything run that can run without time passing or anything outside answering. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}
