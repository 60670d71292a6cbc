import mongoose, { type mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { AuditModel, type AuditRow } from '../../../src/infra/audit/audit.model.ts';
import { noteSecurityEvent, recordAudit } from '../../../src/infra/audit/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { currentStore, metricsRegistry, runWithStore } from '../../../src/infra/observability/index.ts';
import { newId } from '../../../src/shared/ids.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { recordCommands } from '../../support/command-log.ts';
import { eventually } from '../../support/eventually.ts';
import { settle } from '../../support/settle.ts';

beforeAll(bootstrap);
beforeEach(emptyCollections);
afterAll(() => shutdown('test'));
afterEach(emptyCollections);

function stored(): Promise<AuditRow[]> {
  return AuditModel.find().sort({ _id: 1 }).lean<AuditRow[]>().exec();
}

describe('recordAudit', () => {
  it('writes in the transaction of the change, with who and from where', async () => {
    const store = { requestId: 'request-1', userId: newId(), role: 'admin', address: '198.51.100.7' };
    const subjectId = newId();
    await runWithStore(store, () =>
      withTransaction((tx) =>
        recordAudit(tx, { event: 'user.suspended', subjectId, reason: 'fraud', before: { status: 'active' } }),
      ),
    );
    expect(await stored()).toMatchObject([
      {
        ...{ event: 'user.suspended', subjectId, reason: 'fraud', before: { status: 'active' }, after: null, count: 1 },
        ...{ actorId: store.userId, actorRole: 'admin', address: '198.51.100.7', requestId: 'request-1' },
      },
    ]);
    expect((await stored())[0]).not.toHaveProperty('expiresAt');
  });

  it('leaves nothing where the change did not happen', async () => {
    const failing = withTransaction(async (tx) => {
      await recordAudit(tx, { event: 'user.suspended' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await stored()).toEqual([]);
  });
});

describe('noteSecurityEvent', () => {
  it('makes one row and one write of a thousand equal refusals', async () => {
    const commands = recordCommands();
    for (let index = 0; index < 1_000; index += 1) noteSecurityEvent({ event: 'access.forbidden', reason: 'GET /x' });
    await eventually(async () => {
      expect(await AuditModel.countDocuments()).toBe(1);
    });
    await settle();
    commands.stop();
    expect(commands.text().match(/"insert":"audit_log"/g)).toHaveLength(1);
    expect(await stored()).toMatchObject([{ event: 'access.forbidden', reason: 'GET /x', count: 1_000 }]);
    expect((await stored())[0]?.expiresAt?.getTime()).toBeGreaterThan(0);
  });

  it('writes what it keeps of a request in the name of none', async () => {
    const writers: unknown[] = [];
    const note = ({ commandName, command }: mongo.CommandStartedEvent) => {
      if (commandName === 'insert' && command['insert'] === 'audit_log') writers.push(currentStore());
    };
    const client = mongoose.connection.getClient();
    client.on('commandStarted', note);
    runWithStore({ requestId: 'request-1' }, () => {
      noteSecurityEvent({ event: 'access.forbidden', reason: 'GET /x' });
    });
    await eventually(async () => {
      expect(await stored()).toMatchObject([{ requestId: 'request-1' }]);
    });
    client.off('commandStarted', note);
    expect(writers).toEqual([undefined]);
  });

  it('keeps no more than its buffer holds, and counts what it drops', async () => {
    for (let index = 0; index < 600; index += 1) noteSecurityEvent({ event: 'access.limited', reason: String(index) });
    await eventually(async () => {
      expect(await AuditModel.countDocuments()).toBe(500);
    });
    expect(await metricsRegistry.getSingleMetricAsString('quickbite_audit_dropped_total')).toContain(
      '{event="access.limited"} 100',
    );
  });
});
