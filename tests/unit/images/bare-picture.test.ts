import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barePicture } from '../../../src/modules/images/bare-picture.ts';
import { pngChunk, withPackedComments } from '../../support/hostile-pictures.ts';
import { drawPicture, jpegWithGps } from '../../support/pictures.ts';

const png = await drawPicture({ width: 20, height: 20 }).png().toBuffer();
const jpeg = await jpegWithGps({ width: 20, height: 20 });

function segment(marker: number, text: string, length: number): Buffer {
  const data = Buffer.alloc(length, 'x');
  data.write(text, 'latin1');
  return Buffer.concat([Buffer.from([0xff, marker, (length + 2) >> 8, (length + 2) & 0xff]), data]);
}

describe('barePicture', () => {
  it('of a PNG, keeps what is drawn and nothing behind its end', () => {
    const more = Buffer.concat([withPackedComments(png, { comments: 3, megabytes: 3 }), Buffer.from('<?php ?>')]);
    const profile = pngChunk('iCCP', Buffer.alloc(1000));
    const bare = Buffer.from(barePicture(Buffer.concat([more.subarray(0, 33), profile, more.subarray(33)])) ?? []);
    for (const text of ['zTXt', 'iCCP', 'php']) expect(bare.includes(text), text).toBe(false);
    expect(bare.toString('latin1', 12, 16)).toBe('IHDR');
    expect(bare.toString('latin1', bare.length - 8, bare.length - 4)).toBe('IEND');
  });

  it('of a JPEG, keeps how it was held, and no comment, however many', () => {
    const comments = Array.from({ length: 40 }, (_, n) =>
      segment(n % 2 === 0 ? 0xfe : 0xe1, 'http://ns.adobe.com', 60_000),
    );
    const profiles = Array.from({ length: 40 }, () => segment(0xe2, 'ICC_PROFILE\0', 60_000));
    const large = Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff]), ...comments, jpeg.subarray(2)]);
    const bare = Buffer.from(barePicture(large) ?? []);
    expect(bare.equals(Buffer.from(barePicture(jpeg) ?? []))).toBe(true);
    expect(bare.includes('Exif\0')).toBe(true);
    const bulky = Buffer.concat([jpeg.subarray(0, 2), ...profiles, jpeg.subarray(2)]);
    expect(barePicture(bulky)?.length).toBeLessThan(130 * 1024 + jpeg.length);
  });

  it('of anything, ends, inside its bounds, and never makes it longer', () => {
    const heads = [png.subarray(0, 8), png, jpeg.subarray(0, 2), jpeg];
    fc.assert(
      fc.property(fc.constantFrom(...heads), fc.nat(2000), fc.uint8Array({ maxLength: 300 }), (head, cut, rest) => {
        const bytes = Buffer.concat([head.subarray(0, cut), rest]);
        expect(barePicture(bytes)?.length ?? 0).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });
});
