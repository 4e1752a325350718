/** Where a service came from, in the order in which they are tried. */
export type Provider = 'url' | 'container' | 'binary' | 'package';

/** An address. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** How a service comes back. */
export interface RestartOptions {
  /** Without anything it held before. @defaultValue `false`: with whatever it persisted */
  readonly empty?: boolean;
}

/** A running server that a test owns and may mistreat. It ends with the process that started it, however that one ends. */
export interface Service extends Address {
  readonly url: string;
  readonly provider: Provider;
  /** Where other services reach it: a replica its primary, for example. */
  readonly peer: Address;

  /** Freezes it: connections stay open and nothing answers. */
  pause(): Promise<void>;

  /** Ends a pause. */
  resume(): Promise<void>;

  /** Ends it as a crash would: no goodbye, nothing saved. The port stays its own until {@link Service.restart}. */
  kill(): Promise<void>;

  /** Starts it again on the same port, ending it first if it runs. Resolves once it answers. */
  restart(options?: RestartOptions): Promise<void>;

  /** Ends it for good and removes its files. Safe to call twice. */
  stop(): Promise<void>;
}
