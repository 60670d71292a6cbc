import { encode } from 'blurhash';
import sharp, { type Sharp } from 'sharp';
import { inTurn } from '../../infra/mongo/index.ts';
import { PICTURE_FORMATS, PICTURE_SIZES, type PictureFormat, type PictureSize } from '../../shared/picture.ts';
import { MAX_PIXELS } from './image-limits.ts';
import { measurePicture } from './measure-picture.ts';

const WIDTHS: Record<PictureSize, number> = { small: 320, medium: 800, large: 1600 };
/** A tall strip must not become a tall strip of any height. */
const MAX_HEIGHTS: Record<PictureSize, number> = { small: 640, medium: 1600, large: 3200 };
const ENCODERS: Record<PictureFormat, (picture: Sharp) => Sharp> = {
  avif: (picture) => picture.avif({ quality: 50, effort: 2 }),
  webp: (picture) => picture.webp({ quality: 78, effort: 3 }),
  jpg: (picture) => picture.flatten({ background: '#ffffff' }).jpeg({ quality: 80, progressive: true }),
};
const LARGE_PIXELS = 6_000_000;
const HASH_SIDE = 32;

interface Variant {
  size: PictureSize;
  format: PictureFormat;
  bytes: Buffer;
}

export interface MadePicture {
  /** Of the largest. */
  width: number;
  height: number;
  blurhash: string;
}

/** Throws for what does not decode. */
export class CannotDecode extends Error {}

/**
 * Turns it as the camera was held, drops every metadata, never enlarges; hands on one variant at a time, so that only one is held.
 * The work is done in sharp's own threads.
 * @throws CannotDecode, UnusableOriginal `too_many_pixels`, and whatever `take` throws
 */
export async function makeVariants(
  original: Uint8Array,
  take: (variant: Variant) => Promise<void>,
): Promise<MadePicture> {
  const large = await decode(original);
  for (const size of PICTURE_SIZES) {
    for (const format of PICTURE_FORMATS) {
      const picture = fromRaw(large).resize({
        width: WIDTHS[size],
        height: MAX_HEIGHTS[size],
        fit: 'inside',
        withoutEnlargement: true,
      });
      await take({ size, format, bytes: await ENCODERS[format](picture).toBuffer() });
    }
  }
  const { width, height } = large.info;
  return { width, height, blurhash: await hashOf(large) };
}

interface Raw {
  data: Buffer;
  info: { width: number; height: number; channels: 1 | 2 | 3 | 4 };
}

/** The pixels of the largest size: the original is decoded once, and all else is made from these. */
async function decode(original: Uint8Array): Promise<Raw> {
  const { bare, width, height } = await measurePicture(original);
  // One large one at a time: some are held whole while they are decoded.
  if (width * height > LARGE_PIXELS) return inTurn('decode-large-picture', () => decodeBare(bare));
  return decodeBare(bare);
}

async function decodeBare(bare: Uint8Array): Promise<Raw> {
  try {
    return await sharp(bare, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true })
      .autoOrient()
      .toColourspace('srgb')
      .resize({ width: WIDTHS.large, height: MAX_HEIGHTS.large, fit: 'inside', withoutEnlargement: true })
      .raw()
      .toBuffer({ resolveWithObject: true });
  } catch (cause) {
    throw new CannotDecode('the picture does not decode', { cause });
  }
}

function fromRaw({ data, info: { width, height, channels } }: Raw): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

async function hashOf(large: Raw): Promise<string> {
  const { data, info } = await fromRaw(large)
    .resize({ width: HASH_SIDE, height: HASH_SIDE, fit: 'inside' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return encode(new Uint8ClampedArray(data), info.width, info.height, 4, 3);
}
