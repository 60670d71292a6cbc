import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditModel, type AuditRow } from '../../../src/infra/audit/audit.model.ts';
import { recordAudit } from '../../../src/infra/audit/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { listAuditLog } from '../../../src/modules/operations/audit-log.service.ts';
import { dateFrom } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { SecurityEvent } from '../../../src/shared/security-events.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { logInAs, type Login } from '../../support/log-in.ts';
import { resetRateLimits } from '../../support/rate-limits.ts';
import { errorOf } from '../../support/responses.ts';
import { settle } from '../../support/settle.ts';
import { explainQueries } from '../../support/watch-commands.ts';

const PATH = '/api/v1/admin/audit-log';
const START = dateFrom('2026-11-20T12:00:00.000Z').getTime();

interface Page {
  data: { id: string; event: string; reason: string | null; actorId: string | null; count: number }[];
  page: { nextCursor: string | null; hasMore: boolean };
}

let app: TestApp;
let admin: Login;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  await resetRateLimits();
  admin = await logInAs({ roles: ['admin'] });
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const list = async (query: Record<string, string> = {}) => {
  const res = await app.request.get(PATH).query(query).set(admin.headers);
  return { status: res.status, res, ...(res.body as Page) };
};

/** Rows one second apart, oldest first. */
async function insertRows(
  count: number,
  changes: (index: number) => Partial<AuditRow> = () => ({}),
): Promise<AuditRow[]> {
  const empty = { actorId: null, actorRole: null, subjectId: null, address: null, requestId: null, reason: null };
  const rows = Array.from({ length: count }, (_, index): AuditRow => {
    const at = dateFrom(START + index * 1000);
    return {
      _id: newId(),
      event: 'user.suspended',
      at,
      count: 1,
      ...empty,
      before: null,
      after: null,
      ...changes(index),
    };
  });
  await AuditModel.collection.insertMany(rows as never[]);
  return rows;
}

describe('GET /admin/audit-log', () => {
  it('shows who did what to whom, from where, before and after', async () => {
    const subjectId = newId();
    const entry = { subjectId, reason: 'fraud', before: { status: 'active' }, after: { status: 'suspended' } };
    await withTransaction((tx) => recordAudit(tx, { event: 'user.suspended', actorId: admin.userId, ...entry }));
    const { data } = await list();
    expect(data).toMatchObject([{ event: 'user.suspended', actorId: admin.userId, count: 1, ...entry }]);
  });

  it('is newest first and pages through all rows, also through those of one moment', async () => {
    const rows = await insertRows(7, (index) => ({ at: dateFrom(START + Math.floor(index / 3) * 1000) }));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { data, page }: Page = await list({ limit: '2', ...(cursor === null ? {} : { cursor }) });
      seen.push(...data.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(rows.map(({ _id }) => _id).toReversed());
  });

  it.each([
    ['event', (row: AuditRow) => ({ event: row.event })],
    ['actorId', (row: AuditRow) => ({ actorId: row.actorId ?? '' })],
    ['subjectId', (row: AuditRow) => ({ subjectId: row.subjectId ?? '' })],
    ['from and to', ({ at }: AuditRow) => ({ from: at.toISOString(), to: dateFrom(at.getTime() + 1).toISOString() })],
  ] as const)('filters by %s', async (_, queryOf) => {
    const events: SecurityEvent[] = ['user.suspended', 'user.reinstated', 'staff.joined'];
    const rows = await insertRows(3, (index) => ({
      event: events[index] ?? 'staff.joined',
      actorId: newId(),
      subjectId: newId(),
    }));
    const row = rows[1];
    if (row === undefined) throw new Error('no row');
    const { data } = await list(queryOf(row));
    expect(data.map(({ id }) => id)).toEqual([row._id]);
  });

  it('tells of what was refused: without a token, with a wrong one, without the role, by the schema, by a limit', async () => {
    const customer = await logInAs();
    await app.request.get(PATH).expect(401);
    await app.request.get(PATH).set('Authorization', 'Bearer a.b.c').expect(401);
    await app.request.get(PATH).set(customer.headers).expect(403);
    await app.request.get(PATH).query({ secretword: 'x', limit: 'y' }).set(admin.headers).expect(400);
    const sendings = Array.from({ length: 31 }, () => app.request.post('/api/v1/auth/login').send({ password: 'x' }));
    await Promise.all(sendings);
    await eventually(async () => {
      const { data } = await list({ limit: '100' });
      const told = data.map(({ event, reason, actorId }) => [event, reason, actorId]);
      expect(told).toEqual(
        expect.arrayContaining([
          ['access.unauthenticated', 'GET /api/v1/admin/audit-log: unauthenticated', null],
          ['access.unauthenticated', 'GET /api/v1/admin/audit-log: token_invalid', null],
          ['access.forbidden', 'GET /api/v1/admin/audit-log: forbidden', customer.userId],
          ['access.invalid', 'GET /api/v1/admin/audit-log: query.limit, unknown key', admin.userId],
          ['access.limited', 'POST /api/v1/auth/login: limit login', null],
        ]),
      );
      // By name neither: whoever sends a field chooses it.
      expect(JSON.stringify(data)).not.toContain('secretword');
    });
  });

  it('makes no row of being read', async () => {
    await list();
    await settle();
    expect(await AuditModel.countDocuments()).toBe(0);
  });

  it.each([{ event: 'nothing.known' }, { actorId: 'me' }, { from: 'yesterday' }, { cursor: 'x.y' }, { limit: '101' }])(
    'refuses %o',
    async (query) => {
      const { status, res } = await list(query);
      expect([status, errorOf(res).code]).toEqual([400, 'validation_failed']);
    },
  );

  it('opens no cursor that was edited or made for other filters', async () => {
    await insertRows(3, () => ({ actorId: admin.userId }));
    const { page } = await list({ limit: '1' });
    const cursor = page.nextCursor ?? '';
    expect((await list({ limit: '1', cursor })).status).toBe(200);
    expect((await list({ limit: '1', cursor, actorId: admin.userId })).status).toBe(400);
    expect((await list({ limit: '1', cursor: `${cursor}x` })).status).toBe(400);
  });
});

describe('every query of the audit log', () => {
  const LIMIT = 5;
  const actorId = newId();
  const subjectId = newId();
  const from = dateFrom(START).toISOString();

  it.each([
    ['without a filter', {}, ['at_-1__id_-1']],
    ['by event', { event: 'staff.joined' as const }, ['event_1_at_-1__id_-1']],
    ['by actor', { actorId }, ['actorId_1_at_-1__id_-1']],
    ['by subject', { subjectId }, ['subjectId_1_at_-1__id_-1']],
    ['by time', { from, to: dateFrom(START + 100_000).toISOString() }, ['at_-1__id_-1']],
  ])('%s goes by its index, on the first page and on the next', async (_, filter, indexes) => {
    await insertRows(200, (index) =>
      index % 10 === 0 ? { event: 'staff.joined', actorId, subjectId } : { actorId: newId(), subjectId: newId() },
    );
    const { nextCursor } = await listAuditLog({ ...filter, limit: LIMIT });
    const plans = await explainQueries(async () => {
      await listAuditLog({ ...filter, limit: LIMIT });
      await listAuditLog({ ...filter, limit: LIMIT, cursor: nextCursor ?? '' });
    });
    expect(plans).toHaveLength(2);
    for (const plan of plans) {
      expect([...new Set(plan.indexes)]).toEqual(indexes);
      expect(plan.stages).not.toContain('SORT');
      expect(plan.docsExamined).toBeLessThanOrEqual(LIMIT + 2);
    }
  });
});
