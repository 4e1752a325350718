import { catalogue, type Write } from './write.js';

const { writes, write } = catalogue();

// Implicit many-to-many: rows of a table that no model names
write('implicit m-n connect', (db) => db.post.update({ where: { id: 4 }, data: { tags: { connect: { id: 1 } } } }));
write('implicit m-n connect, from the other side', (db) =>
  db.tag.update({ where: { label: 'unused' }, data: { posts: { connect: [{ id: 1 }, { slug: 'p2' }] } } }),
);
write('implicit m-n disconnect', (db) =>
  db.post.update({ where: { id: 1 }, data: { tags: { disconnect: { label: 'red' } } } }),
);
write('implicit m-n set', (db) => db.post.update({ where: { id: 1 }, data: { tags: { set: [{ id: 3 }] } } }));
write('implicit m-n create', (db) =>
  db.post.update({ where: { id: 1 }, data: { tags: { create: { label: 'new' } } } }),
);
write('implicit m-n connectOrCreate', (db) =>
  db.post.update({
    where: { id: 6 },
    data: { tags: { connectOrCreate: [{ where: { label: 'red' }, create: { label: 'red' } }] } },
  }),
);
write('implicit m-n update', (db) =>
  db.post.update({ where: { id: 1 }, data: { tags: { update: { where: { id: 1 }, data: { label: 'rouge' } } } } }),
);
write('implicit m-n deleteMany', (db) =>
  db.post.update({ where: { id: 1 }, data: { tags: { deleteMany: { label: 'green' } } } }),
);
write('implicit m-n, its rows by a delete', (db) => db.tag.delete({ where: { id: 2 } }));

// Explicit many-to-many: a model with a compound id
write('explicit m-n create', (db) => db.membership.create({ data: { userId: 5, orgId: 3 } }));
write('explicit m-n nested create', (db) =>
  db.user.update({ where: { id: 5 }, data: { memberships: { create: { org: { connect: { id: 3 } } } } } }),
);
write('explicit m-n nested create with its organisation', (db) =>
  db.user.update({ where: { id: 5 }, data: { memberships: { create: { org: { create: { name: 'new' } } } } } }),
);
write('explicit m-n nested update', (db) =>
  db.org.update({
    where: { id: 1 },
    data: { members: { update: { where: { userId_orgId: { userId: 2, orgId: 1 } }, data: { title: 'chair' } } } },
  }),
);
write('explicit m-n nested delete', (db) =>
  db.user.update({ where: { id: 1 }, data: { memberships: { delete: { userId_orgId: { userId: 1, orgId: 2 } } } } }),
);
write('explicit m-n, half of the id', (db) =>
  db.membership.update({ where: { userId_orgId: { userId: 1, orgId: 1 } }, data: { orgId: 3 } }),
);

// What the database does by itself
write('onDelete Cascade: user, posts, comments', (db) => db.user.delete({ where: { id: 1 } }));
write('onDelete Cascade by deleteMany', (db) => db.user.deleteMany({ where: { name: { in: ['Ben', 'Cleo'] } } }));
write('onDelete SetNull: organisation', (db) => db.org.delete({ where: { id: 1 } }));
write('onDelete SetNull: reviewer', (db) => db.user.delete({ where: { id: 2 } }));
write('onDelete SetNull of the same table', (db) => db.category.delete({ where: { name: 'branch' } }));
write('onDelete through a nested delete', (db) =>
  db.org.update({ where: { id: 2 }, data: { users: { delete: { id: 3 } } } }),
);
write('onDelete through a nested deleteMany', (db) =>
  db.org.update({ where: { id: 2 }, data: { users: { deleteMany: {} } } }),
);
write('onUpdate Cascade: id of an organisation', (db) => db.org.update({ where: { id: 1 }, data: { id: 100 } }));
write('onUpdate Cascade: id of a user', (db) => db.user.update({ where: { id: 3 }, data: { id: 300 } }));
write('onUpdate Cascade by updateMany', (db) => db.org.updateMany({ where: { name: 'beta' }, data: { id: 200 } }));
write('onUpdate Cascade: id of a post with tags', (db) => db.post.update({ where: { id: 1 }, data: { id: 1000 } }));
write('onUpdate Cascade by a nested update', (db) =>
  db.user.update({ where: { id: 1 }, data: { org: { update: { id: 100 } } } }),
);

export const RELATION_WRITES: readonly Write[] = writes;
