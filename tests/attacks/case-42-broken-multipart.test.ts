import '../setup/without-rate-limits.ts';
import '../setup/with-local-cloud.ts';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../src/shared/ids.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { hashDatabase } from '../support/database-hash.ts';
import { watchDescriptors } from '../support/descriptors.ts';
import { eventually } from '../support/eventually.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { drawPicture } from '../support/pictures.ts';
import { errorOf } from '../support/responses.ts';
import { sendFile } from '../support/uploads.ts';

let app: TestApp;
let login: Login;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  login = await logInAs();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const BOUNDARY = 'xxBOUNDARYxx';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

function part(disposition: string, body = 'x'): string {
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${body}\r\n`;
}

function send(body: string, type = TYPE) {
  return app.request.post('/api/v1/uploads').set(login.headers).set('Content-Type', type).send(body);
}

const END = `--${BOUNDARY}--\r\n`;
const PURPOSE = part('name="purpose"', 'dish');

describe('case 42: a broken multipart body', () => {
  it.each([
    ['no boundary', PURPOSE + END, 'multipart/form-data'],
    ['an empty boundary', PURPOSE + END, 'multipart/form-data; boundary='],
    ['another boundary', PURPOSE + END, 'multipart/form-data; boundary=other'],
    ['an empty field name', part('name=""') + END, TYPE],
    ['no field name', part('filename="a.jpg"') + END, TYPE],
    ['a file under an empty name', part('name=""; filename="a.jpg"') + END, TYPE],
    ['a truncated body', PURPOSE + part('name="file"; filename="a.jpg"', 'x'.repeat(100)), TYPE],
    ['a truncated header', `${PURPOSE}--${BOUNDARY}\r\nContent-Dispo`, TYPE],
    ['10,000 parts', Array.from({ length: 10_000 }, (_, n) => part(`name="f${n}"`)).join('') + END, TYPE],
    ['10,000 files', Array.from({ length: 2_000 }, () => part('name="file"; filename="a.jpg"')).join('') + END, TYPE],
    ['a deep name', part(`name="${'a' + '[0]'.repeat(5_000)}"`) + END, TYPE],
    ['a nested name', part('name="a[0][0][0]"') + PURPOSE + END, TYPE],
    ['a prototype', part('name="__proto__[polluted]"') + PURPOSE + END, TYPE],
    ['100 headers', `--${BOUNDARY}\r\n${'X-A: b\r\n'.repeat(100)}\r\nx\r\n${END}`, TYPE],
    ['no file', PURPOSE + END, TYPE],
    ['text in place of the file', PURPOSE + part('name="file"') + END, TYPE],
    ['nothing', '', TYPE],
  ])('with %s is 400 or 413, and nothing is written', async (_name, body, type) => {
    const before = await hashDatabase();
    const res = await send(body, type);
    expect([400, 413], res.text).toContain(res.status);
    expect(await hashDatabase()).toEqual(before);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('JSON is 415, and the answer names what is taken', async () => {
    const res = await app.request.post('/api/v1/uploads').set(login.headers).send({ purpose: 'dish' });
    expect([res.status, errorOf(res).details]).toEqual([415, { accepted: ['multipart/form-data'] }]);
    expect(errorOf(res).message).not.toContain('json');
  });

  it.each([
    ['/auth/login', ['application/json']],
    [`/restaurants/${newId()}/menu/import`, ['text/csv', 'application/json']],
  ])('of another type is 415 at %s, too, and the answer names what is taken', async (path, accepted) => {
    const { headers } = await logInAs({ roles: ['restaurant'] });
    const res = await app.request.post(`/api/v1${path}`).set(headers).type('text/xml').send('<menu/>');
    expect([res.status, errorOf(res).details]).toEqual([415, { accepted }]);
  });

  it('200 aborted uploads leave no descriptor, no temporary file and no place behind', async () => {
    const jpeg = await drawPicture().jpeg().toBuffer();
    expect((await sendFile(app, login, { bytes: jpeg })).status).toBe(202);
    const descriptorsMore = watchDescriptors();
    const before = temporaryFiles();
    for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 10 }, abortUpload));
    await eventually(() => {
      // One for each upload would be 200.
      expect(descriptorsMore()).toBeLessThanOrEqual(20);
    });
    expect(temporaryFiles()).toBe(before);
    // Every place of the bounded ones is free again.
    await eventually(async () => {
      expect((await sendFile(app, login, { bytes: jpeg })).status).toBe(202);
    });
  }, 60_000);

  /** Half of what was announced, then the connection breaks. */
  function abortUpload(): Promise<void> {
    const { hostname, port } = new URL(app.url);
    return new Promise((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        const head = [
          'POST /api/v1/uploads HTTP/1.1',
          `Host: ${hostname}:${port}`,
          `Authorization: ${login.headers.Authorization}`,
          `Content-Type: ${TYPE}`,
          'Content-Length: 1000000',
        ].join('\r\n');
        socket.write(`${head}\r\n\r\n${PURPOSE}${part('name="file"; filename="a.jpg"', 'x'.repeat(20_000))}`);
        setTimeout(() => socket.destroy(), 10);
      });
      socket.on('close', () => {
        resolve();
      });
      socket.on('error', () => undefined);
    });
  }
});

function temporaryFiles(): number {
  return readdirSync(tmpdir()).filter((name) => /upload|multer/i.test(name)).length;
}
