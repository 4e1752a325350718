import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { execute } from '../support/services/execute.js';
import type { NetworkProxy } from '../support/services/proxy.js';
import { startProxy } from '../support/services/proxy.js';
import { startRedis } from '../support/services/redis.js';
import type { Service } from '../support/services/service.js';
import { talkTo } from '../support/services/talk-to.js';
import { Auditor } from './auditor.js';
import { Timeline } from './checker/timeline.js';
import { Journals } from './journals.js';
import { Application } from './process/index.js';
import type { Load, Mode } from './settings.js';

const TABLES = readFileSync(new URL('./schema.sql', import.meta.url), 'utf8');

/** How a world is made. */
export interface WorldOptions {
  /** What is checked. */
  readonly mode: Mode;
  /** What the caches promise. @defaultValue `mode` */
  readonly promised?: Mode;
  readonly seed: number;
  readonly processes: number;
  /** A server on which databases may be made. */
  readonly postgresUrl: string;
}

/** Processes with a database and a Redis of their own, each with its own way to both. */
export class World {
  readonly #options: WorldOptions;
  readonly #database: Database;
  readonly journals = new Journals();
  readonly timeline = new Timeline();
  /** The ways of the applications: to Redis, and to the database. */
  readonly ways: readonly NetworkProxy[];
  readonly databaseWays: readonly NetworkProxy[];
  readonly applications: Application[] = [];
  auditor: Auditor | undefined;
  redis: Service;
  /** Where the ways to Redis lead. */
  readonly #targets: readonly { host: string; port: number }[];
  readonly #namespace = `torture-${randomBytes(3).toString('hex')}`;
  #lives = 0;

  static async open(options: WorldOptions): Promise<World> {
    const [database, redis] = await Promise.all([Database.create(options.postgresUrl), newRedis()]);
    const { hostname: host, port } = new URL(database.url);
    const each = Array.from({ length: options.processes }, (_, index) => index);
    const targets = each.map(() => ({ host: redis.host, port: redis.port }));
    const ways = await Promise.all(targets.map((target) => startProxy(target)));
    const databaseWays = await Promise.all(each.map(() => startProxy({ host, port: Number(port || 5432) })));
    const world = new World(options, database, { redis, targets, ways, databaseWays });
    world.auditor = await Auditor.start(database.url, world.timeline);
    await Promise.all(each.map((index) => world.revive(index)));
    return world;
  }

  private constructor(
    options: WorldOptions,
    database: Database,
    parts: Pick<World, 'redis' | 'ways' | 'databaseWays'> & { targets: { host: string; port: number }[] },
  ) {
    this.#options = options;
    this.#database = database;
    this.redis = parts.redis;
    this.#targets = parts.targets;
    this.ways = parts.ways;
    this.databaseWays = parts.databaseWays;
  }

  get mode(): Mode {
    return this.#options.mode;
  }

  /** Starts an application, or another in its place. */
  async revive(index: number): Promise<Application> {
    const life = ++this.#lives;
    await this.applications[index]?.kill();
    const { mode, promised = mode, seed } = this.#options;
    const application = await Application.start({
      ...{ life, mode: promised, seed: seed * 1_000 + life, namespace: this.#namespace },
      databaseUrl: this.databaseWays[index]?.url(this.#database.url) ?? '',
      redisUrl: this.ways[index]?.url(this.redis.url) ?? '',
      journal: this.journals.file(`process-${index + 1}-life-${life}`),
    });
    this.applications[index] = application;
    return application;
  }

  async work(load: Load): Promise<void> {
    await Promise.all(this.applications.map((application) => application.work(load)));
  }

  async rest(): Promise<void> {
    await Promise.all(this.applications.map((application) => application.rest()));
  }

  /** Leads all ways to another Redis from now on. The one before ends. */
  async moveTo(redis: Service): Promise<void> {
    const before = this.redis;
    this.redis = redis;
    for (const index of this.ways.keys()) this.lead(index, redis);
    await before.stop();
  }

  /** Leads one application's way to another Redis from now on. */
  lead(index: number, { host, port }: Service): void {
    Object.assign(this.#targets[index] ?? {}, { host, port });
    this.ways[index]?.disconnect();
  }

  /** Talks to Redis directly. */
  admin<Answer>(talk: (redis: Redis) => Promise<Answer>): Promise<Answer> {
    return talkTo(this.redis, talk);
  }

  async close(): Promise<void> {
    await Promise.all(this.applications.map((application) => application.close().catch(() => application.kill())));
    await this.auditor?.close();
    await Promise.all([...this.ways, ...this.databaseWays].map((way) => way.close()));
    await this.redis.stop();
    await this.#database.drop();
  }
}

/** One that comes back with all that it accepted, unless it is to come back empty. */
export function newRedis(): Promise<Service> {
  // A kill loses nothing that was handed to the operating system.
  return startRedis({ config: { appendonly: 'yes', appendfsync: 'everysec' } });
}

class Database {
  readonly url: string;
  readonly #server: string;
  readonly #name: string;

  static async create(server: string): Promise<Database> {
    const database = new Database(server);
    await execute(server, `CREATE DATABASE ${database.#name}`);
    await execute(database.url, TABLES);
    return database;
  }

  private constructor(server: string) {
    this.#server = server;
    this.#name = `cachetastic_torture_${randomBytes(4).toString('hex')}`;
    const url = new URL(server);
    url.pathname = `/${this.#name}`;
    this.url = url.href;
  }

  drop(): Promise<void> {
    return execute(this.#server, `DROP DATABASE IF EXISTS ${this.#name} WITH (FORCE)`);
  }
}
