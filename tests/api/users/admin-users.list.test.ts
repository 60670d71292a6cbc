import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findUsers, type UserSearch } from '../../../src/modules/users/admin-users.queries.ts';
import { getUserForAdminRoute, listUsersRoute } from '../../../src/modules/users/admin-users.schema.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { ROLES } from '../../../src/shared/actor.ts';
import { buildAddress, buildUser, createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { summarizePlan } from '../../support/explain.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';

let app: TestApp;
let admin: Login;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  await resetRateLimits();
  admin = await logInAs({ roles: ['admin'], email: 'zoe@admin.example', name: 'Zoe' });
});
afterEach(emptyCollections);
afterAll(() => app.stop());

interface Answer {
  data: { id: string; name: string; email: string }[];
  page: { nextCursor: string | null };
}

async function search(query: Record<string, string>): Promise<Answer> {
  const res = await app.request.get('/api/v1/admin/users').query(query).set(admin.headers);
  expect(res.status, res.text).toBe(200);
  expectContract(listUsersRoute, res);
  return res.body as Answer;
}

/** All pages of three. */
async function searchAll(query: Record<string, string>): Promise<Answer['data']> {
  const all: Answer['data'] = [];
  let cursor: string | null = null;
  do {
    const { data, page }: Answer = await search({ ...query, limit: '3', ...(cursor !== null && { cursor }) });
    all.push(...data);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

function namesOf(users: { name: string }[]): string[] {
  return users.map(({ name }) => name);
}

describe('GET /admin/users', () => {
  it('lists the newest first, page by page, each once', async () => {
    const made = [];
    for (let n = 0; n < 8; n += 1) made.push(await createUser());
    const ids = (await searchAll({})).map(({ id }) => id);
    expect(ids).toEqual([...made.map(({ _id }) => _id).toReversed(), admin.userId]);
  });

  it('finds the beginning of an e-mail, in its order, whatever the case', async () => {
    for (const email of ['asha@b.example', 'asha@a.example', 'ashok@a.example', 'basha@a.example']) {
      await createUser({ email });
    }
    const found = await searchAll({ email: ' ASHA' });
    expect(found.map(({ email }) => email)).toEqual(['asha@a.example', 'asha@b.example']);
  });

  it('finds the beginning of a name, whatever case and accents, page by page', async () => {
    const names = ['ásha Rao', 'ASHA Patel', 'Ashok', 'asha', 'Asha', 'Bela Asha', 'Aşha Zed'];
    for (const name of names) await createUser({ name });
    const found = namesOf(await searchAll({ name: 'asha' }));
    expect(found.toSorted()).toEqual(['ásha Rao', 'ASHA Patel', 'asha', 'Asha', 'Aşha Zed'].toSorted());
    expect(found.slice(-3)).toEqual(['ASHA Patel', 'ásha Rao', 'Aşha Zed']);
  });

  it('finds a phone, a role, a status, and what has both', async () => {
    await createUser({ name: 'Phone', phone: '+915550100123' });
    await createUser({ name: 'Courier', roles: ['courier', 'customer'] });
    await createUser({ name: 'Suspended', status: 'suspended', statusReason: 'Stolen cards' });
    await createUser({ name: 'Both', roles: ['courier'], status: 'suspended' });
    expect(namesOf((await search({ phone: '+915550100123' })).data)).toEqual(['Phone']);
    expect(namesOf((await search({ role: 'courier' })).data)).toEqual(['Both', 'Courier']);
    expect(namesOf((await search({ status: 'suspended' })).data)).toEqual(['Both', 'Suspended']);
    expect(namesOf((await search({ status: 'suspended', role: 'courier', name: 'b' })).data)).toEqual(['Both']);
  });

  it.each(['.*', '^a', '(a+)+$', '[', '$', '\\', 'a.ha', '%', '{"$ne":null}', '\uffff'])(
    'takes %j as text and finds nobody',
    async (text) => {
      await createUser({ name: 'Asha', email: 'asha@example.com' });
      expect((await search({ name: text })).data).toEqual([]);
      expect((await search({ email: text })).data).toEqual([]);
    },
  );

  it.each([
    ['two searches at once', { email: 'a', name: 'a' }],
    ['an unknown key', { fields: 'passwordHash' }],
    ['a hidden field', { passwordHash: 'x' }],
    ['an operator', { 'email[$ne]': 'x' }],
    ['an unknown role', { role: 'root' }],
    ['too long a text', { name: 'a'.repeat(101) }],
    ['a limit beyond the most', { limit: '101' }],
    ['a made-up cursor', { cursor: 'abc.def' }],
  ])('with %s is 400', async (_what, query) => {
    const res = await app.request.get('/api/v1/admin/users').query(query).set(admin.headers);
    expect(errorOf(res)).toMatchObject({ status: 400, code: 'validation_failed' });
  });

  it('refuses the cursor of another search', async () => {
    for (let n = 0; n < 3; n += 1) await createUser({ name: `Asha ${n}` });
    const { page } = await search({ name: 'asha', limit: '1' });
    expect(page.nextCursor).not.toBeNull();
    const query = { name: 'bela', limit: '1', cursor: page.nextCursor };
    expect((await app.request.get('/api/v1/admin/users').query(query).set(admin.headers)).status).toBe(400);
  });

  it('has nothing personal in its cursor', async () => {
    for (let n = 0; n < 3; n += 1) await createUser({ name: `Asha ${n}` });
    const { page } = await search({ name: 'asha', limit: '1' });
    expect(Buffer.from(page.nextCursor?.split('.')[0] ?? '', 'base64url').toString()).not.toContain('Asha');
  });

  it.each(ROLES.filter((role) => role !== 'admin'))('is 403 for a %s', async (role) => {
    const { headers } = await logInAs({ roles: [role] });
    expect(errorOf(await app.request.get('/api/v1/admin/users').set(headers)).code).toBe('forbidden');
  });
});

describe('GET /admin/users/{userId}', () => {
  it('shows no secret and no address', async () => {
    const { _id, passwordHash } = await createUser({ addresses: [buildAddress()] });
    const res = await app.request.get(`/api/v1/admin/users/${_id}`).set(admin.headers);
    expectContract(getUserForAdminRoute, res);
    expect(res.text).not.toContain('Lighthouse');
    expect(res.text).not.toContain(passwordHash);
  });
});

describe('every search', () => {
  it.each<[string, Partial<UserSearch>, string]>([
    ['by e-mail', { email: 'user-7' }, 'email_1'],
    ['by name', { name: 'user 7' }, 'name_search'],
    ['by phone', { phone: '+915550100007' }, 'phone_1'],
    ['by role', { role: 'courier' }, 'roles_1__id_-1'],
    ['by status', { status: 'suspended' }, 'status_1__id_-1'],
    ['of all', {}, '_id_'],
  ])('%s reads no more than a page, in order, by its index', async (_what, what, index) => {
    const rows = Array.from({ length: 300 }, (_, n) =>
      buildUser({
        ...{ email: `user-${n}@example.com`, name: `User ${n}`, phone: `+915550100${String(n).padStart(3, '0')}` },
        ...(n % 30 === 0 ? { roles: ['courier'], status: 'suspended' } : {}),
      }),
    );
    await UserModel.insertMany(rows);
    const first = { limit: 2, ...what };
    const [row] = (await findUsers(first, null).toArray()) as unknown as Parameters<typeof findUsers>[1][];
    for (const from of [null, row ?? null]) {
      const plan = summarizePlan(await findUsers(first, from).explain('executionStats'));
      expect(new Set(plan.indexes)).toEqual(new Set([index]));
      expect(plan.stages).not.toContain('SORT');
      expect(plan.docsExamined).toBeLessThanOrEqual(4);
    }
  });
});
