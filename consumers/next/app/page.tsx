import { db } from '../lib/db';

export const dynamic = 'force-dynamic';

export default async function Page() {
  const { data, info } = await db.$cache.explain(() => db.post.findFirst({ where: { id: 1 }, cache: '5m' }));
  return <pre id="answer">{[data?.title, info.status, info.reason ?? ''].join('|')}</pre>;
}
