import '../setup/without-rate-limits.ts';
import { localCloud } from '../setup/with-local-cloud.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { hashDatabase } from '../support/database-hash.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { drawPicture } from '../support/pictures.ts';
import { errorOf } from '../support/responses.ts';
import { sendFile } from '../support/uploads.ts';

let app: TestApp;
let login: Login;
let jpeg: Buffer;
let png: Buffer;
beforeAll(async () => {
  app = await startTestApp();
  [jpeg, png] = await Promise.all([drawPicture().jpeg().toBuffer(), drawPicture().png().toBuffer()]);
});
beforeEach(async () => {
  login = await logInAs();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const HTML = Buffer.from('<!doctype html><script>alert(1)</script>');
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const HEIC = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0heicmif1'), Buffer.alloc(200)]);
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

describe('case 41: a file that lies about what it is', () => {
  it.each([
    ['HTML as .jpg', () => ({ bytes: HTML })],
    ['HTML without an ending', () => ({ bytes: HTML, name: 'dish', type: 'application/octet-stream' })],
    ['HTML that begins like a GIF', () => ({ bytes: Buffer.concat([Buffer.from('GIF89a'), HTML]) })],
    ['SVG with a script', () => ({ bytes: SVG, name: 'dish.svg', type: 'image/svg+xml' })],
    ['SVG as .png', () => ({ bytes: SVG, name: 'dish.png', type: 'image/png' })],
    ['a JPEG under a page’s name', () => ({ bytes: jpeg, name: 'dish.html' })],
    ['a JPEG with a double ending', () => ({ bytes: jpeg, name: 'dish.php.jpg' })],
    ['a JPEG with the ending of a page before a space', () => ({ bytes: jpeg, name: 'dish.html .jpg' })],
    ['a JPEG without ending or type', () => ({ bytes: jpeg, name: 'dish', type: 'application/octet-stream' })],
    ['a JPEG declared as a page', () => ({ bytes: jpeg, type: 'text/html' })],
    ['a PNG declared as a JPEG', () => ({ bytes: png })],
    ['a PNG with the ending of a JPEG', () => ({ bytes: png, type: 'image/png' })],
    ['HEIC, which nobody here decodes', () => ({ bytes: HEIC, name: 'dish.heic', type: 'image/heic' })],
    ['a GIF', () => ({ bytes: GIF, name: 'dish.gif', type: 'image/gif' })],
    ['nothing at all', () => ({ bytes: Buffer.alloc(0) })],
  ])('%s is 415, and nothing is written', async (_name, make) => {
    const before = await hashDatabase();
    const res = await sendFile(app, login, make());
    expect(res.status, res.text).toBe(415);
    expect(errorOf(res).code).toBe('image_type_unsupported');
    expect(await hashDatabase()).toEqual(before);
  });

  it('takes the honest ones, whatever their name adds', async () => {
    for (const file of [
      { bytes: jpeg, name: 'IMG.2026.11.21.JPG' },
      { bytes: png, name: 'Gericht – süß.png', type: 'image/png' },
      { bytes: jpeg, name: 'dish.jpeg', type: 'application/octet-stream' },
      { bytes: jpeg, name: 'image' },
    ]) {
      const res = await sendFile(app, login, file);
      expect(res.status, `${file.name} ${res.text}`).toBe(202);
    }
  });

  it('is never delivered as anything but a picture that nobody sniffs', async () => {
    const answer = await fetch(
      `${localCloud.cloudinaryUrl}/quickbite-local/image/upload/sample/thai-bowl-1/small-jpg.jpg`,
    );
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
  });
});
