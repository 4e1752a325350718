import { catalogue, type Write } from './write.js';

const { writes, write } = catalogue();
const post = { slug: 'p9', title: 'Nine', published: true, views: 900 };

// One step from the row that is written
write('nested create', (db) => db.user.update({ where: { id: 1 }, data: { posts: { create: post } } }));
write('nested create of a single', (db) =>
  db.user.update({ where: { id: 5 }, data: { profile: { create: { bio: 'new' } } } }),
);
write('nested create in a create', (db) =>
  db.user.create({
    data: { email: 'new@x.org', name: 'New', posts: { create: [post] }, profile: { create: { bio: 'new' } } },
  }),
);
write('nested create of the parent', (db) =>
  db.post.create({ data: { ...post, author: { create: { email: 'new@x.org', name: 'New' } } } }),
);
write('nested createMany', (db) =>
  db.user.update({
    where: { id: 2 },
    data: { posts: { createMany: { data: [post, { ...post, slug: 'p10', title: 'Ten' }] } } },
  }),
);
write('nested connect, many', (db) =>
  db.user.update({ where: { id: 2 }, data: { posts: { connect: [{ id: 1 }, { slug: 'p4' }] } } }),
);
write('nested connect, one', (db) => db.post.update({ where: { id: 4 }, data: { reviewer: { connect: { id: 2 } } } }));
write('nested connect, the other side of 1-1', (db) =>
  db.user.update({ where: { id: 4 }, data: { profile: { connect: { userId: 3 } } } }),
);
write('nested connectOrCreate that connects', (db) =>
  db.post.update({
    where: { id: 1 },
    data: {
      author: { connectOrCreate: { where: { email: 'u3@x.org' }, create: { email: 'u3@x.org', name: 'Cleo' } } },
    },
  }),
);
write('nested connectOrCreate that creates', (db) =>
  db.user.update({
    where: { id: 4 },
    data: { org: { connectOrCreate: { where: { name: 'new' }, create: { name: 'new' } } } },
  }),
);
write('nested disconnect, one', (db) => db.user.update({ where: { id: 1 }, data: { org: { disconnect: true } } }));
write('nested disconnect, many', (db) =>
  db.user.update({ where: { id: 2 }, data: { reviews: { disconnect: [{ id: 1 }] } } }),
);
write('nested disconnect, by condition', (db) =>
  db.user.update({ where: { id: 1 }, data: { org: { disconnect: { name: 'acme' } } } }),
);
write('nested set', (db) => db.user.update({ where: { id: 2 }, data: { reviews: { set: [{ id: 4 }] } } }));
write('nested set to nothing', (db) => db.org.update({ where: { id: 1 }, data: { users: { set: [] } } }));
write('nested update, many', (db) =>
  db.user.update({ where: { id: 1 }, data: { posts: { update: { where: { slug: 'p1' }, data: { title: 'Won' } } } } }),
);
write('nested update, one', (db) =>
  db.user.update({ where: { id: 1 }, data: { profile: { update: { bio: 'rests' } } } }),
);
write('nested update, one with condition', (db) =>
  db.post.update({
    where: { id: 1 },
    data: { author: { update: { where: { name: 'Ada' }, data: { name: 'Adele' } } } },
  }),
);
write('nested updateMany', (db) =>
  db.user.update({
    where: { id: 3 },
    data: { posts: { updateMany: { where: { published: true }, data: { published: false } } } },
  }),
);
write('nested upsert that creates', (db) =>
  db.user.update({
    where: { id: 4 },
    data: { profile: { upsert: { create: { bio: 'new' }, update: { bio: 'old' } } } },
  }),
);
write('nested upsert that updates', (db) =>
  db.user.update({
    where: { id: 1 },
    data: { posts: { upsert: { where: { id: 2 }, create: post, update: { published: true } } } },
  }),
);
write('nested delete, many', (db) => db.user.update({ where: { id: 1 }, data: { posts: { delete: { id: 2 } } } }));
write('nested delete, one', (db) => db.user.update({ where: { id: 2 }, data: { profile: { delete: true } } }));
write('nested deleteMany', (db) =>
  db.user.update({ where: { id: 3 }, data: { posts: { deleteMany: { views: { gt: 450 } } } } }),
);
write('nested in an upsert that creates', (db) =>
  db.user.upsert({
    where: { email: 'new@x.org' },
    create: { email: 'new@x.org', name: 'New', posts: { create: post } },
    update: {},
  }),
);
write('nested in an upsert that updates', (db) =>
  db.user.upsert({
    where: { id: 3 },
    create: { email: 'new@x.org', name: 'New' },
    update: { comments: { deleteMany: {} } },
  }),
);

// Two and three steps
write('two deep: create', (db) =>
  db.org.update({
    where: { id: 3 },
    data: { users: { create: { email: 'new@x.org', name: 'New', posts: { create: post } } } },
  }),
);
write('two deep: update', (db) =>
  db.org.update({
    where: { id: 1 },
    data: { users: { update: { where: { id: 1 }, data: { profile: { update: { bio: 'rests' } } } } } },
  }),
);
write('two deep: disconnect', (db) =>
  db.user.update({
    where: { id: 1 },
    data: { posts: { update: { where: { id: 1 }, data: { reviewer: { disconnect: true } } } } },
  }),
);
write('two deep: deleteMany', (db) =>
  db.user.update({
    where: { id: 1 },
    data: { posts: { update: { where: { id: 1 }, data: { comments: { deleteMany: {} } } } } },
  }),
);
write('three deep: create', (db) =>
  db.org.update({
    where: { id: 1 },
    data: {
      users: {
        update: {
          where: { id: 2 },
          data: { posts: { update: { where: { id: 3 }, data: { comments: { create: { text: 'deep' } } } } } },
        },
      },
    },
  }),
);
write('three deep: set of tags', (db) =>
  db.org.update({
    where: { id: 1 },
    data: {
      users: {
        update: {
          where: { id: 1 },
          data: { posts: { update: { where: { id: 1 }, data: { tags: { set: [{ label: 'unused' }] } } } } },
        },
      },
    },
  }),
);
write('three deep: upsert, connectOrCreate', (db) =>
  db.org.update({
    where: { id: 2 },
    data: {
      users: {
        upsert: {
          where: { id: 3 },
          create: { email: 'never@x.org', name: 'Never' },
          update: {
            posts: {
              update: {
                where: { id: 4 },
                data: { category: { connectOrCreate: { where: { name: 'new' }, create: { name: 'new' } } } },
              },
            },
          },
        },
      },
    },
  }),
);

export const NESTED_WRITES: readonly Write[] = writes;
