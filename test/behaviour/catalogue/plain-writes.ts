import { catalogue, type Write } from './write.js';

const { writes, write } = catalogue();
const user = { email: 'new@x.org', name: 'New', score: 15 };
const post = { slug: 'p9', title: 'Nine', authorId: 2, published: true, views: 900 };

write('create', (db) => db.user.create({ data: user }));
write('create, a foreign key', (db) => db.post.create({ data: post }));
write('create, only one field selected', (db) =>
  db.comment.create({ data: { text: 'new', postId: 4 }, select: { text: true } }),
);
write('createMany', (db) => db.user.createMany({ data: [user, { ...user, email: 'newer@x.org' }] }));
write('createMany, duplicates skipped', (db) =>
  db.tag.createMany({ data: [{ label: 'red' }, { label: 'new' }], skipDuplicates: true }),
);
write('createManyAndReturn', (db) => db.post.createManyAndReturn({ data: [post] }));
write('createManyAndReturn, one field', (db) =>
  db.profile.createManyAndReturn({ data: [{ bio: 'new', userId: 5 }], select: { id: true } }),
);

write('update by id', (db) => db.user.update({ where: { id: 1 }, data: { name: 'Adele', score: 1 } }), [
  'user by id, another',
  'user by unique field',
]);
write('update by unique field', (db) => db.user.update({ where: { email: 'u2@x.org' }, data: { score: 21 } }), [
  'user who is not there',
]);
write('update by compound unique', (db) =>
  db.post.update({ where: { authorId_title: { authorId: 1, title: 'Two' } }, data: { published: true } }),
);
write('update by compound id', (db) =>
  db.membership.update({ where: { userId_orgId: { userId: 1, orgId: 1 } }, data: { title: 'chair' } }),
);
write('update of the unique field itself', (db) => db.user.update({ where: { id: 4 }, data: { email: 'new@x.org' } }), [
  'user by id',
]);
write('update that frees a unique field', (db) => db.user.update({ where: { id: 2 }, data: { email: 'old@x.org' } }));
write('update of the id', (db) => db.user.update({ where: { id: 4 }, data: { id: 40 } }), ['user by id']);
write('update, another filter in addition to the id', (db) =>
  db.user.update({ where: { id: 3, name: 'Cleo' }, data: { role: 'ADMIN' } }),
);
write('update, nothing selected of what changes', (db) =>
  db.user.update({ where: { id: 3 }, data: { name: 'Clea' }, select: { email: true } }),
);
write('update, arithmetic', (db) => db.post.update({ where: { id: 1 }, data: { views: { increment: 1000 } } }));
write('update of a Decimal', (db) => db.user.update({ where: { id: 1 }, data: { balance: '12.3456' } }));
write('update of a foreign key', (db) => db.post.update({ where: { id: 1 }, data: { authorId: 3 } }));
write('update of a foreign key to null', (db) => db.user.update({ where: { id: 1 }, data: { orgId: null } }));
write('updateMany', (db) => db.post.updateMany({ where: { published: false }, data: { published: true } }));
write('updateMany over a relation', (db) =>
  db.user.updateMany({ where: { org: { name: 'acme' } }, data: { role: 'GUEST' } }),
);
write('updateMany of everything', (db) => db.user.updateMany({ data: { score: 7 } }));
write('updateManyAndReturn', (db) =>
  db.user.updateManyAndReturn({ where: { score: { lt: 30 } }, data: { name: 'Same' } }),
);

write('upsert that creates', (db) =>
  db.user.upsert({ where: { email: 'new@x.org' }, create: user, update: { score: 0 } }),
);
write('upsert that updates', (db) => db.user.upsert({ where: { id: 1 }, create: user, update: { name: 'Adele' } }));
write('upsert of the unique field itself', (db) =>
  db.user.upsert({ where: { email: 'u2@x.org' }, create: user, update: { email: 'new@x.org' } }),
);

write('delete by id', (db) => db.comment.delete({ where: { id: 1 } }));
write('delete by unique field', (db) => db.post.delete({ where: { slug: 'p6' } }));
write('delete by compound id', (db) => db.membership.delete({ where: { userId_orgId: { userId: 1, orgId: 2 } } }));
write('deleteMany', (db) => db.comment.deleteMany({ where: { postId: 1 } }));
write('deleteMany over a relation', (db) => db.post.deleteMany({ where: { author: { name: 'Cleo' } } }));
write('deleteMany of everything', (db) => db.profile.deleteMany());

export const PLAIN_WRITES: readonly Write[] = writes;
