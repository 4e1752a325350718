import { db } from '../../../lib/db';

export async function POST(request: Request) {
  const { title } = (await request.json()) as { title: string };
  const post = await db.post.update({ where: { id: 1 }, data: { title } });
  return Response.json(post);
}
