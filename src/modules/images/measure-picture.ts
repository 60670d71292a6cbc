import sharp from 'sharp';
import { barePicture } from './bare-picture.ts';
import { MAX_PIXELS, MAX_SLOW_PIXELS } from './image-limits.ts';
import { UnusableOriginal } from './unusable-original.ts';

export interface MeasuredPicture {
  /** All that a decoder is given. */
  bare: Uint8Array;
  width: number;
  height: number;
}

/**
 * How large it is, by its head, without decoding a pixel or a comment; of an animation the first frame.
 * @throws UnusableOriginal `too_many_pixels`, `corrupt`
 */
export async function measurePicture(bytes: Uint8Array): Promise<MeasuredPicture> {
  const bare = barePicture(bytes);
  if (bare === null) throw new UnusableOriginal('corrupt');
  const { format, depth, width, height } = await readHead(bare);
  const isSlow = format === 'heif' || depth !== 'uchar';
  if (width * height > (isSlow ? MAX_SLOW_PIXELS : MAX_PIXELS)) throw new UnusableOriginal('too_many_pixels');
  return { bare, width, height };
}

async function readHead(bare: Uint8Array) {
  try {
    return await sharp(bare, { limitInputPixels: MAX_PIXELS }).metadata();
  } catch (error) {
    throw new UnusableOriginal(isTooLarge(error) ? 'too_many_pixels' : 'corrupt');
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && /exceeds pixel limit|dimension/i.test(error.message);
}
