import pc from 'picocolors';
import { timed } from '../measure.js';
import { cheapestIn, ordersOf, productPage, type Question } from '../questions.js';
import type { Shop } from '../shop.js';
import { aside, count, milliseconds, say, table, verdict } from '../terminal.js';
import type { Chapter } from './chapter.js';

const CALLERS = 100;
const QUESTIONS = [cheapestIn('garden-lamps'), ordersOf(3), productPage(3)];

/** A hundred callers ask the same before anybody has the answer. */
export const stampede: Chapter = {
  title: 'A stampede',

  async run(stage) {
    say(`${CALLERS} callers ask the same at once, and nobody has the answer yet.`);
    let statements = 0;
    // No Redis: nothing was cached before this client asks.
    const shop = stage.open({ redis: undefined, onStatement: () => statements++ });
    // The first use of a cache asks the database who it is. That is not what is counted here.
    await cheapestIn('hall-hooks').ask(shop, true);

    const stampedeOf = async (question: Question, cache: boolean) => {
      statements = 0;
      let answers: unknown[] = [];
      const time = await timed(async () => {
        answers = await askTogether(shop, question, cache);
      });
      return { statements, time, copies: new Set(answers).size };
    };

    const rows: string[][] = [];
    let copies = CALLERS;
    for (const question of QUESTIONS) {
      const without = await stampedeOf(question, false);
      const cached = await stampedeOf(question, true);
      copies = Math.min(copies, cached.copies);
      rows.push([
        question.name,
        count(without.statements),
        milliseconds(without.time, 1),
        count(cached.statements),
        milliseconds(cached.time, 1),
      ]);
    }
    await shop.close();

    table(
      [
        { head: 'read' },
        { head: 'SQL without', align: 'right' },
        { head: 'time', align: 'right' },
        { head: 'SQL with', align: 'right', paint: pc.green },
        { head: 'time', align: 'right' },
      ],
      rows,
    );
    for (const remark of stage.orm.counting) aside(remark);
    verdict(copies === CALLERS, `${copies} callers got ${copies} copies: what one does to his is his own business.`);
  },
};

function askTogether(shop: Shop, question: Question, cache: boolean): Promise<unknown[]> {
  return Promise.all(Array.from({ length: CALLERS }, () => question.ask(shop, cache)));
}
