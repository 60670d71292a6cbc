import '../setup/without-rate-limits.ts';
import '../setup/with-local-cloud.ts';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inspect } from '../../scripts/local-cloud/cloudinary/media.ts';
import { makeVariants } from '../../src/modules/images/variants.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { floodPng, resizedAvif, withPackedComments } from '../support/hostile-pictures.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { drawPicture } from '../support/pictures.ts';
import { errorOf } from '../support/responses.ts';
import { sendFile } from '../support/uploads.ts';

const MEGABYTE = 1024 * 1024;
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

const dropVariant = () => Promise.resolve();

/** How far the highest mark of this process's memory went up. */
async function megabytesFor(work: () => Promise<unknown>): Promise<number> {
  const peak = () => process.resourceUsage().maxRSS / 1024;
  const before = peak();
  await work();
  return peak() - before;
}

function sendPng(bytes: Buffer) {
  return sendFile(app, login, { bytes, name: 'dish.png', type: 'image/png' });
}

describe('case 43: a picture whose comments inflate', () => {
  let bomb: Buffer;
  beforeAll(async () => {
    const png = await drawPicture({ width: 100, height: 100 }).png().toBuffer();
    bomb = withPackedComments(png, { comments: 60, megabytes: 900 });
    // The process has sent and made a picture before: what that takes is not counted.
    await makeVariants(png, dropVariant);
  });

  it('costs the API no more than its own bytes', async () => {
    expect(bomb.length).toBeLessThan(MEGABYTE);
    expect(
      await megabytesFor(async () => {
        expect((await sendPng(bomb)).status).toBe(202);
      }),
    ).toBeLessThan(100);
  });

  it('costs the worker and the local cloud no more, either', async () => {
    expect(
      await megabytesFor(async () => {
        expect(await inspect(bomb, 'image')).toMatchObject({ format: 'png', width: 100, height: 100 });
        expect(await makeVariants(bomb, dropVariant)).toMatchObject({ width: 100, height: 100 });
      }),
    ).toBeLessThan(150);
  });

  it('is refused where its format lets the decoder unpack one', async () => {
    const avif = await drawPicture({ width: 64, height: 64 }).avif({ effort: 0 }).toBuffer();
    const send = (bytes: Buffer) => sendFile(app, login, { bytes, name: 'dish.avif', type: 'image/avif' });
    expect((await send(avif)).status).toBe(202);
    const res = await send(Buffer.concat([avif, Buffer.from('deflate\0')]));
    expect([res.status, errorOf(res).details]).toEqual([422, { reason: 'corrupt' }]);
  });
});

describe('case 43: a picture whose pixels are slow', () => {
  it('of 25 megapixels is refused as AVIF and of 16 bits by its head, and taken of 8', async () => {
    const avif = await drawPicture({ width: 64, height: 64 }).avif({ effort: 0 }).toBuffer();
    const large = resizedAvif(avif, 5000);
    const refused = [
      await sendFile(app, login, { bytes: large, name: 'dish.avif', type: 'image/avif' }),
      await sendPng(floodPng(5000, { depth: 16 })),
    ];
    for (const res of refused) {
      expect([res.status, errorOf(res).details]).toEqual([422, { reason: 'too_many_pixels' }]);
    }
    expect((await sendPng(floodPng(5000))).status).toBe(202);
    await expect(makeVariants(large, dropVariant)).rejects.toMatchObject({ reason: 'too_many_pixels' });
  });
});

describe('a picture without what is not drawn', () => {
  it('looks the same, and is turned the same way', async () => {
    const noise = Buffer.from(Array.from({ length: 300 }, (_, n) => (n * 37) % 256));
    const drawn = sharp(noise, { raw: { width: 10, height: 10, channels: 3 } }).withMetadata({ orientation: 6 });
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      const bytes = await drawn.clone().toFormat(format).toBuffer();
      const made = await makeVariants(bytes, dropVariant);
      const direct = await sharp(bytes).autoOrient().toBuffer({ resolveWithObject: true });
      expect(made, format).toMatchObject({ width: direct.info.width, height: direct.info.height });
    }
  });
});
