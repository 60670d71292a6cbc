import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { openQueue } from '../../../src/infra/queue/define-queue.ts';
import { cancelTimers, fireDueTimers, registerTimer, scheduleTimer } from '../../../src/infra/timers/index.ts';
import { TimerModel } from '../../../src/infra/timers/timer.model.ts';
import { addMs } from '../../../src/shared/clock.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { eventually } from '../../support/eventually.ts';

const KIND = 'test.ring';
/** Far away, so that no alarm clock of the queue goes off during the test. */
const DUE = new Date('2030-01-01T12:00:00.000Z');
const CLAIM_MS = 30_000;

let rung: string[] = [];
let onRing: (subjectId: string) => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  await bootstrap();
  registerTimer(KIND, async (subjectId) => {
    rung.push(subjectId);
    await onRing(subjectId);
  });
});
beforeEach(() => {
  rung = [];
  onRing = () => Promise.resolve();
});
afterEach(async () => {
  await openQueue('timer').obliterate({ force: true });
  await emptyCollections();
});
afterAll(() => shutdown('test'));

async function schedule(subjectId: string, dueAt = DUE): Promise<void> {
  await withTransaction((tx) => scheduleTimer(tx, { kind: KIND, subjectId, dueAt }));
}

const alarms = () => openQueue('timer').getJobs(['delayed']);

describe('a timer', () => {
  it('fires at the instant it is due, not before, and once, with its alarm clock lost', async () => {
    await schedule('a');
    await openQueue('timer').obliterate({ force: true });
    expect(await fireDueTimers(addMs(DUE, -1))).toBe(0);
    expect(await fireDueTimers(DUE)).toBe(1);
    expect(await fireDueTimers(addMs(DUE, CLAIM_MS))).toBe(0);
    expect(rung).toEqual(['a']);
    expect(await TimerModel.countDocuments()).toBe(0);
  });

  it('sets one alarm clock, after the commit', async () => {
    await withTransaction(async (tx) => {
      await scheduleTimer(tx, { kind: KIND, subjectId: 'a', dueAt: DUE });
      expect(await alarms()).toEqual([]);
    });
    await eventually(async () => {
      const [alarm, ...others] = await alarms();
      expect(others).toEqual([]);
      expect(Math.abs((alarm?.timestamp ?? 0) + (alarm?.delay ?? 0) - DUE.getTime())).toBeLessThan(2_000);
    });
  });

  it('of a transaction that aborts is none', async () => {
    const attempt = withTransaction(async (tx) => {
      await scheduleTimer(tx, { kind: KIND, subjectId: 'a', dueAt: DUE });
      throw new Error('no');
    });
    await expect(attempt).rejects.toThrow('no');
    expect(await TimerModel.countDocuments()).toBe(0);
  });

  it('that was moved fires at its new time only', async () => {
    await schedule('a');
    await schedule('a', addMs(DUE, 60_000));
    expect(await fireDueTimers(DUE)).toBe(0);
    expect(await fireDueTimers(addMs(DUE, 60_000))).toBe(1);
  });

  it('that was cancelled does not fire; others of the subject and of its kind do', async () => {
    registerTimer('test.other', (subjectId) => Promise.resolve(void rung.push(`other ${subjectId}`)));
    await schedule('a');
    await schedule('b');
    await withTransaction(async (tx) => {
      await scheduleTimer(tx, { kind: 'test.other', subjectId: 'a', dueAt: DUE });
      await cancelTimers(tx, 'a', [KIND]);
    });
    expect(await fireDueTimers(DUE)).toBe(2);
    expect(rung.toSorted()).toEqual(['b', 'other a']);
  });

  it('is claimed by one of two processes', async () => {
    for (const subjectId of ['a', 'b', 'c', 'd', 'e', 'f']) await schedule(subjectId);
    const counts = await Promise.all([1, 2, 3].map(() => fireDueTimers(DUE)));
    expect(counts.reduce((a, b) => a + b)).toBe(6);
    expect(rung.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('set anew while it fires survives that firing, even for the same instant', async () => {
    await schedule('later');
    await schedule('at once');
    onRing = async (subjectId) => {
      const isFirst = rung.filter((one) => one === subjectId).length === 1;
      if (isFirst) await schedule(subjectId, subjectId === 'later' ? addMs(DUE, 60_000) : DUE);
    };
    expect(await fireDueTimers(DUE)).toBe(3);
    expect(rung.toSorted()).toEqual(['at once', 'at once', 'later']);
    expect(await TimerModel.find().lean()).toMatchObject([
      { subjectId: 'later', dueAt: addMs(DUE, 60_000), attempts: 0 },
    ]);
  });

  it('whose firing failed keeps nobody waiting and comes again after its claim', async () => {
    await schedule('broken');
    await schedule('sound', addMs(DUE, 1));
    const at = addMs(DUE, 1);
    onRing = (subjectId) => (subjectId === 'broken' ? Promise.reject(new Error('no')) : Promise.resolve());
    expect(await fireDueTimers(at)).toBe(1);
    expect(await fireDueTimers(addMs(at, CLAIM_MS - 1))).toBe(0);
    onRing = () => Promise.resolve();
    expect(await fireDueTimers(addMs(at, CLAIM_MS))).toBe(1);
    // Fired together, the first two come in either order.
    expect(rung.slice(0, 2).sort()).toEqual(['broken', 'sound']);
    expect(rung.slice(2)).toEqual(['broken']);
  });

  it('whose row a dead transaction holds is passed over, and those behind it fire', async () => {
    await schedule('held');
    await schedule('behind', addMs(DUE, 1));
    const session = await mongoose.startSession();
    session.startTransaction();
    try {
      await TimerModel.updateOne({ subjectId: 'held' }, { $set: { attempts: 9 } }).session(session);
      expect(await fireDueTimers(addMs(DUE, 1))).toBe(1);
      expect(rung).toEqual(['behind']);
    } finally {
      await session.abortTransaction();
      await session.endSession();
    }
    expect(await fireDueTimers(addMs(DUE, 1))).toBe(1);
    expect(rung).toEqual(['behind', 'held']);
  });

  it('that nobody registered is kept for the version that knows it', async () => {
    await withTransaction((tx) => scheduleTimer(tx, { kind: 'test.tomorrow', subjectId: 'a', dueAt: DUE }));
    expect(await fireDueTimers(DUE)).toBe(0);
    expect(await TimerModel.findOne().lean()).toMatchObject({ kind: 'test.tomorrow', attempts: 1 });
  });
});
