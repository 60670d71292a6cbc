import { hostileCloud } from '../../setup/with-hostile-image-cloud.ts';
import { describe, expect, it } from 'vitest';
import { fetchAsset, findAsset, listAssets, putAsset } from '../../../src/infra/storage/index.ts';

const name = { path: '65f0c0ffee0000000000abcd/original', access: 'private', kind: 'image' } as const;

function answer(head: string, body: string): string {
  return `HTTP/1.1 ${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
}

describe('a vendor that is none', () => {
  it.each([
    ['a page', answer('200 OK\r\nContent-Type: text/html', '<html>')],
    ['a redirect', answer('302 Found\r\nLocation: http://169.254.169.254/', '')],
    ['another shape', answer('200 OK\r\nContent-Type: application/json', '[]')],
    ['wrong types', answer('200 OK\r\nContent-Type: application/json', '{"public_id":1,"resources":"all"}')],
    ['half an answer', 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{'],
    ['no protocol at all', 'hello'],
    ['nothing', ''],
  ])('answering with %s is a failure of the call, in time, without our secret', async (_name, bytes) => {
    hostileCloud.answer = bytes;
    const start = performance.now();
    for (const call of [() => findAsset(name), () => listAssets(name, { cursor: null, limit: 10 })]) {
      const error = await call().then(
        () => null,
        (cause: unknown) => cause as Error,
      );
      expect(error).toBeInstanceOf(Error);
      expect(`${error?.message ?? ''} ${error?.stack ?? ''} ${JSON.stringify(error)}`).not.toContain('canary-secret');
    }
    expect(performance.now() - start).toBeLessThan(4_000);
  });

  it('that sends more bytes than may be, or sends us elsewhere, is not read on', async () => {
    hostileCloud.answer = answer('200 OK\r\nContent-Type: image/jpeg', 'x'.repeat(200_000));
    await expect(fetchAsset(name, { format: 'jpg', maxBytes: 100_000 })).rejects.toThrow('download, 400');
    hostileCloud.answer = answer('302 Found\r\nLocation: http://169.254.169.254/', '');
    await expect(fetchAsset(name, { format: 'jpg', maxBytes: 100_000 })).rejects.toThrow('did not do it');
  });

  it('that never says yes to an upload has not got it', async () => {
    hostileCloud.answer = answer('200 OK\r\nContent-Type: text/html', '<html>');
    await expect(putAsset(name, Buffer.from('x'))).rejects.toThrow('did not do it');
  });
});
