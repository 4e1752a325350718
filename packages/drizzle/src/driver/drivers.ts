import type { SessionLike } from '../objects/database.js';
import { isOfKind } from '../objects/entities.js';
import type { Driver } from './driver.js';
import { libsql } from './libsql.js';
import { mysql2 } from './mysql2.js';
import { nodePostgres } from './node-postgres.js';
import { postgresJs } from './postgres-js.js';
import { unlisted } from './unlisted.js';

const DRIVERS: readonly Driver[] = [nodePostgres, postgresJs, mysql2, libsql];

/** The record of the driver that runs the queries of `session`. */
export function driverOf(session: SessionLike): Driver {
  return DRIVERS.find(({ sessions }) => sessions.some((kind) => isOfKind(session, kind))) ?? unlisted;
}
