import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  clearCloudAssets,
  clearCloudFaults,
  listCloudAssets,
  listCloudCallbacks,
  setCloudFaults,
} from '../../scripts/local-cloud/control-client.ts';
import { setSdkVariable } from '../../src/config/sdk-environment.ts';
import { readMp4 } from '../../scripts/local-cloud/cloudinary/mp4.ts';
import { drawPicture, mp4Of } from '../support/pictures.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from './callback-receiver.ts';
import { startCloud, type RunningCloud } from './support.ts';

type Sdk = (typeof import('cloudinary'))['v2'];

let running: RunningCloud;
let sdk: Sdk;
let jpeg: Buffer;

beforeAll(async () => {
  running = await startCloud();
  const { cloudinaryUrl } = running.cloud;
  // It picks http or https when it is imported, by this variable.
  setSdkVariable('CLOUDINARY_URL', `cloudinary://key:secret@cloud?upload_prefix=${encodeURIComponent(cloudinaryUrl)}`);
  sdk = (await import('cloudinary')).v2;
  jpeg = await drawPicture().jpeg().toBuffer();
});
beforeEach(() => {
  useAccount();
});
afterEach(async () => {
  await clearCloudFaults(running.cloud.cloudinaryUrl);
  await clearCloudAssets(running.cloud.cloudinaryUrl);
});
afterAll(() => running.stop());

/** The real SDK, with the account of the folder. */
function useAccount(changes: object = {}): void {
  sdk.config({
    cloud_name: running.secretOf('CLOUDINARY_CLOUD_NAME'),
    api_key: running.secretOf('CLOUDINARY_API_KEY'),
    api_secret: running.secretOf('CLOUDINARY_API_SECRET'),
    upload_prefix: running.cloud.cloudinaryUrl,
    ...changes,
  });
}

interface Answer {
  public_id: string;
  version: number;
  signature: string;
  [name: string]: unknown;
}

function upload(content: Buffer, options: object = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = sdk.uploader.upload_stream({ public_id: 'shop/a', ...options }, (error, result) => {
      if (result === undefined) reject(new Error(`${String(error?.http_code)} ${error?.message ?? ''}`));
      else resolve(result);
    });
    stream.end(content);
  });
}

describe('the image cloud, asked by its own SDK', () => {
  it('keeps a signed upload, signs its answer, and delivers it with the headers of a CDN', async () => {
    const answer = await upload(jpeg);
    expect(answer).toMatchObject({ public_id: 'shop/a', format: 'jpg', width: 640, height: 480, type: 'upload' });
    const { public_id: id, version, signature } = answer;
    const secret = running.secretOf('CLOUDINARY_API_SECRET');
    expect(sdk.utils.api_sign_request({ public_id: id, version }, secret)).toBe(signature);
    const url = `${running.cloud.cloudinaryUrl}/quickbite-local/image/upload/shop/a.jpg`;
    const delivered = await fetch(url);
    expect(Buffer.from(await delivered.arrayBuffer()).equals(jpeg)).toBe(true);
    expect(Object.fromEntries(delivered.headers)).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
    });
    const etag = delivered.headers.get('etag') ?? '';
    expect((await fetch(url, { headers: { 'If-None-Match': etag } })).status).toBe(304);
  });

  it.each([
    ['another secret', { api_secret: 'wrong' }, '401 Invalid Signature'],
    ['another key', { api_key: '1' }, '401 Unknown API key'],
    ['another cloud', { cloud_name: 'elsewhere' }, '401 Invalid cloud_name'],
  ])('refuses %s as the vendor does', async (_name, account, message) => {
    useAccount(account);
    await expect(upload(jpeg)).rejects.toThrow(message);
    expect(await listCloudAssets(running.cloud.cloudinaryUrl)).toEqual([]);
  });

  it.each([
    ['an old request', { timestamp: Math.floor(Date.now() / 1000) - 3700 }, '400 Stale request'],
    ['a format that is not allowed', { allowed_formats: ['png'] }, '400 Image file format jpg not allowed'],
    ['what it does not know', { eager: [{ width: 1 }] }, '400 The local cloud does not know the parameter eager'],
  ])('refuses %s', async (_name, options, message) => {
    await expect(upload(jpeg, options)).rejects.toThrow(message);
  });

  it('refuses what is no picture, and what is no film', async () => {
    await expect(upload(Buffer.from('<html>'))).rejects.toThrow('400 Invalid image file');
    await expect(upload(jpeg, { resource_type: 'video' })).rejects.toThrow('400 Unsupported video');
  });

  it('reads the length of a film from the film', async () => {
    expect(await upload(mp4Of({ seconds: 7 }), { resource_type: 'video' })).toMatchObject({
      format: 'mp4',
      duration: 7,
      width: 1280,
      height: 720,
    });
    expect(readMp4(Buffer.from('not a film at all'))).toBeNull();
  });

  it('lists page by page by the beginning of the name, and shows private ones to nobody', async () => {
    for (const name of ['shop/a', 'shop/b', 'shop/c', 'other/d'])
      await upload(jpeg, { public_id: name, type: 'private' });
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = (await sdk.api.resources({
        type: 'private',
        prefix: 'shop/',
        max_results: 2,
        ...(cursor === undefined ? {} : { next_cursor: cursor }),
      })) as { resources: { public_id: string }[]; next_cursor?: string };
      names.push(...page.resources.map(({ public_id: id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(names).toEqual(['shop/a', 'shop/b', 'shop/c']);
    const { cloudinaryUrl } = running.cloud;
    expect((await fetch(`${cloudinaryUrl}/quickbite-local/image/private/shop/a.jpg`)).status).toBe(404);
    const signed = sdk.utils.private_download_url('shop/a', 'jpg', { type: 'private' });
    expect((await fetch(signed)).status).toBe(200);
    expect((await fetch(signed.replace(/signature=\w+/, `signature=${'0'.repeat(40)}`))).status).toBe(401);
    expect(await sdk.api.delete_resources(['shop/a', 'shop/z'], { type: 'private' })).toMatchObject({
      deleted: { 'shop/a': 'deleted', 'shop/z': 'not_found' },
    });
  });

  it('does not overwrite where the signature says so, renames into another access, and destroys once', async () => {
    const first = await upload(jpeg, { type: 'private' });
    const png = await drawPicture().png().toBuffer();
    expect(await upload(png, { type: 'private', overwrite: false })).toMatchObject({
      existing: true,
      asset_id: first['asset_id'],
      format: 'jpg',
    });
    await sdk.uploader.rename('shop/a', 'shop/b', { type: 'private', to_type: 'upload' });
    expect((await listCloudAssets(running.cloud.cloudinaryUrl)).map(({ type, publicId }) => [type, publicId])).toEqual([
      ['upload', 'shop/b'],
    ]);
    expect(await sdk.uploader.destroy('shop/b')).toMatchObject({ result: 'ok' });
    expect(await sdk.uploader.destroy('shop/b')).toMatchObject({ result: 'not found' });
  });

  it('keeps what it has over a restart', async () => {
    await upload(jpeg);
    await running.restart();
    useAccount();
    expect(await listCloudAssets(running.cloud.cloudinaryUrl)).toMatchObject([
      { publicId: 'shop/a', bytes: jpeg.length },
    ]);
  });

  it('signs its callbacks so that the SDK believes them, and repeats them until they are taken', async () => {
    const receiver = await startReceiver();
    receiver.statuses.push(500);
    await upload(jpeg, { notification_url: `${receiver.url}/hook?a=1&b=2` });
    await eventually(() => {
      expect(receiver.calls).toHaveLength(2);
    });
    for (const { body, timestamp, signature } of receiver.calls) {
      expect(sdk.utils.verifyNotificationSignature(body, Number(timestamp), signature)).toBe(true);
      expect(JSON.parse(body)).toMatchObject({ notification_type: 'upload', public_id: 'shop/a' });
    }
    await eventually(async () => {
      expect(await listCloudCallbacks(running.cloud.cloudinaryUrl)).toMatchObject([
        { outcome: '200' },
        { outcome: '500' },
      ]);
    });
    await receiver.stop();
  });

  it('has bad days on request', async () => {
    const { cloudinaryUrl } = running.cloud;
    await setCloudFaults(cloudinaryUrl, { kind: 'throttle' }, { kind: 'fail_after', action: 'upload' });
    await expect(upload(jpeg)).rejects.toThrow('420');
    await expect(upload(jpeg)).rejects.toThrow('500');
    expect(await listCloudAssets(cloudinaryUrl)).toHaveLength(1);
  });

  it('draws a tile of the sample city in every size and format, for a CDN to keep', async () => {
    const base = `${running.cloud.cloudinaryUrl}/quickbite-local/image/upload/sample/thai-bowl-1`;
    for (const [size, width] of [
      ['small', 320],
      ['medium', 800],
      ['large', 1600],
    ] as const) {
      for (const [format, type] of [
        ['jpg', 'image/jpeg'],
        ['webp', 'image/webp'],
        ['avif', 'image/avif'],
      ] as const) {
        const answer = await fetch(`${base}/${size}-${format}.${format}`);
        expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
        expect(Object.fromEntries(answer.headers)).toMatchObject({
          'cache-control': 'public, max-age=31536000, immutable',
          'x-content-type-options': 'nosniff',
          'access-control-allow-origin': '*',
          etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) as string,
        });
        const found = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
        expect([found.width, found.height]).toEqual([width, (width * 3) / 4]);
      }
    }
  });

  it.each([
    'sample/nobody/small-jpg.jpg',
    'sample/klingon-bowl-1/small-jpg.jpg',
    'sample/thai-bowl-9/small-jpg.jpg',
    'sample/thai-bowl-1/huge-jpg.jpg',
    'sample/thai-bowl-1/small-jpg.webp',
    'sample/thai-bowl-1/small-svg.svg',
    'sample/%2e%2e/%2e%2e/etc/passwd.jpg',
    '..%2f..%2f..%2fetc%2fpasswd.jpg',
    'sample/thai-bowl-1/small-jpg.jpg%00.html',
    'sample/%zz/small-jpg.jpg',
  ])('draws nothing for %s', async (path) => {
    const answer = await fetch(`${running.cloud.cloudinaryUrl}/quickbite-local/image/upload/${path}`);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([404, 'no-store']);
    expect((await answer.arrayBuffer()).byteLength).toBe(0);
  });
});
