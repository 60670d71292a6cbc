import mongoose, { type mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectMongo, disconnectMongo } from '../../../src/infra/mongo/index.ts';
import { setClock } from '../../../src/shared/clock.ts';
import { answerOf } from '../../support/answer.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(() => {
  setClock(null);
});
afterAll(() => app.stop());

describe('health', () => {
  it('costs MongoDB nothing, however often it is asked', async () => {
    const commands: string[] = [];
    const listen = ({ commandName }: mongo.CommandStartedEvent) => commands.push(commandName);
    mongoose.connection.getClient().on('commandStarted', listen);
    const answers = await Promise.all(Array.from({ length: 200 }, () => app.request.get('/health/ready')));
    mongoose.connection.getClient().off('commandStarted', listen);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    // The background probe may come by once or twice.
    expect(commands.filter((name) => name === 'hello').length).toBeLessThan(5);
    expect(commands.filter((name) => name !== 'hello')).toEqual([]);
  });

  it('turns to 503 when no writable MongoDB was seen for ten seconds, while the process is alive', async () => {
    await disconnectMongo();
    setClock({ offsetMs: 11_000 });
    const unready = await app.request.get('/health/ready');
    expect(answerOf(unready)).toEqual({ status: 503, body: { status: 'unavailable' } });
    expect((await app.request.get('/health/live')).status).toBe(200);
    await connectMongo();
    await eventually(async () => {
      expect((await app.request.get('/health/ready')).status).toBe(200);
    });
  });
});

describe('the public listener', () => {
  it('says ok and no more', async () => {
    expect((await app.request.get('/health/live')).body).toEqual({ status: 'ok' });
    expect((await app.request.get('/health/ready')).body).toEqual({ status: 'ok' });
  });

  it.each([
    '/metrics',
    '/api/v1/metrics',
    '/health',
    '/health/ready/detail',
    '/.git/HEAD',
    '/.env',
    '/package.json',
    '/src/server.ts',
    '/dist/server.js.map',
    '/admin/queues',
  ])('does not have %s', async (path) => {
    expect((await app.request.get(path)).status).toBe(404);
  });
});
