/*
 * One node in a process of its own. It does what messages ask, asks for rows by messages, and ends when its parent does.
 * Whatever a library lets escape ends it, as it would end an application.
 */
import { CONTESTANTS } from '../contestants/index.js';
import type { CacheNode } from './cache-node.js';
import { LocalNode } from './local-node.js';
import type { Message, Request, Setup } from './messages.js';
import { Wire } from './wire.js';

process.on('disconnect', () => process.exit(0));

let node: CacheNode | undefined;
const wire = new Wire((message) => void process.send?.(message), answer);
const rows = {
  load: async (key: string): Promise<number> => Number(await wire.ask('load', key)),
  raise: async (key: string): Promise<number> => Number(await wire.ask('raise', key)),
};

process.on('message', (message: Message) => wire.receive(message));

async function answer({ task, input }: Request): Promise<unknown> {
  if (task === 'open') {
    node = open(input as Setup);
    return undefined;
  }
  if (node === undefined || task === 'load' || task === 'raise') throw new Error(`Not to be asked of a node: ${task}`);
  return Reflect.apply(node[task], node, [input]);
}

function open({ contestant, ...opening }: Setup): CacheNode {
  const found = CONTESTANTS.find(({ name }) => name === contestant);
  if (found === undefined) throw new Error(`There is no contestant named ${contestant}`);
  return new LocalNode(found.open(opening), rows);
}
