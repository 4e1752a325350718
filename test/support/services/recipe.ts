import type { Identity } from './identity.js';

/** The programs of one server, and what they need in their environment. */
export interface Program {
  /** The folder that holds the server and its tools. */
  readonly bin: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Everything the providers need to know to run one kind of server. */
export interface Recipe {
  /** As people call it: `'Redis'`. */
  readonly name: string;
  /** The file to look for in `PATH` and in {@link Recipe.folders}. */
  readonly executable: string;
  /** Folders beside `PATH` where distributions put it. */
  readonly folders: readonly string[];
  /** What to tell someone who has none of it. */
  readonly hint: string;
  readonly container: {
    readonly image: string;
    readonly port: number;
    readonly command: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
  };

  url(host: string, port: number): string;

  /** Resolves if the server at this address answers now. */
  check(host: string, port: number): Promise<void>;

  /** Unpacks the server out of a package. */
  unpack(): Promise<Program>;

  /** Fills the empty folder `data`, where the server needs that. */
  prepare(program: Program, data: string, identity: Identity): Promise<void>;

  /** The arguments of a server on this machine. */
  arguments(data: string, port: number): readonly string[];
}
