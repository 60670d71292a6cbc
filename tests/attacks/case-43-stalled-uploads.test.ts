import '../setup/without-rate-limits.ts';
import '../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { watchDescriptors } from '../support/descriptors.ts';
import { eventually } from '../support/eventually.ts';
import { logInAs } from '../support/log-in.ts';
import { drawPicture } from '../support/pictures.ts';
import { holdUpload, sendFile } from '../support/uploads.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

describe('case 43: uploads that are announced and do not come', () => {
  it.each([
    ['after the headers', 0],
    ['after a megabyte', 1_000_000],
  ])(
    '%s keep nobody out, are 408 after seconds, and their sockets are closed',
    async (_name, bytes) => {
      const jpeg = await drawPicture().jpeg().toBuffer();
      const people = await Promise.all(Array.from({ length: 6 }, () => logInAs()));
      const descriptorsMore = watchDescriptors();
      const held = await Promise.all([...people, ...people].map((who) => holdUpload(app, who, bytes)));
      expect((await sendFile(app, await logInAs(), { bytes: jpeg })).status).toBe(202);
      await eventually(() => {
        for (const { socket, answer } of held) {
          expect(answer()).toMatch(/^HTTP\/1.1 408 .*Connection: close.*upload_too_slow/s);
          expect(socket.closed).toBe(true);
        }
      }, 20_000);
      await eventually(() => {
        expect(descriptorsMore()).toBeLessThanOrEqual(5);
      });
      // Their places are free, too.
      for (const who of people.slice(0, 2)) expect((await sendFile(app, who, { bytes: jpeg })).status).toBe(202);
    },
    60_000,
  );
});
