import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { makeDb } from './db';

@Injectable()
export class PostsService implements OnApplicationShutdown {
  readonly db = makeDb();

  first() {
    return this.db.$cache.explain(() => this.db.post.findFirst({ where: { id: 1 }, cache: '5m' }));
  }

  rename(title: string) {
    return this.db.post.update({ where: { id: 1 }, data: { title } });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.db.$disconnect();
  }
}
