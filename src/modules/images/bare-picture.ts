/** Beside the pixels at most this much is handed to the decoder: a profile of colours, and how the camera was held. */
const MAX_SIDE_BYTES = 64 * 1024;
const PNG_SIGNATURE = 0x89504e47;
/** What it takes to draw it. Comments (tEXt, zTXt, iTXt) and profiles (iCCP) may inflate to a thousand times their size; an animation is its first frame. */
const PNG_DRAWN = new Set(['IHDR', 'PLTE', 'tRNS', 'gAMA', 'sRGB', 'cHRM', 'eXIf', 'IDAT', 'IEND']);
const PNG_HEAD_BYTES = 8;
const PNG_CHUNK_BYTES = 12;
const START_OF_SCAN = 0xda;
const COMMENT = 0xfe;
const FILL = 0xff;
const JPEG_DRAWN: Record<number, string> = { 0xe0: 'JFIF\0', 0xe1: 'Exif\0', 0xe2: 'ICC_PROFILE\0', 0xee: 'Adobe' };

/** Two names of the one packing that the decoder of AVIF undoes, for a comment of any size. */
const PACKED_COMMENTS = ['compress_zlib\0', 'deflate\0'];

/**
 * The picture without what is not drawn: decoders copy, and inflate, every comment before they say how large a picture is. Walks the
 * heads of its parts, inside its bounds, and inflates nothing. Of what is no PNG or JPEG the bytes are handed on: a WebP packs no
 * comment, and an AVIF that does is `null`.
 */
export function barePicture(bytes: Uint8Array): Uint8Array | null {
  const picture = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (picture.length < PNG_HEAD_BYTES) return picture;
  if (picture.readUInt32BE(0) === PNG_SIGNATURE) return barePng(picture);
  if (picture.readUInt16BE(0) === 0xffd8) return bareJpeg(picture);
  const isPacked =
    picture.toString('latin1', 4, 8) === 'ftyp' && PACKED_COMMENTS.some((name) => picture.includes(name));
  return isPacked ? null : picture;
}

/** Chunks: length, type, data, checksum. What is cut off in the middle ends there; the decoder says so. */
function barePng(picture: Buffer): Buffer {
  const bare = collect(picture, PNG_HEAD_BYTES);
  const once = new Set<string>();
  for (let at = PNG_HEAD_BYTES; at + PNG_CHUNK_BYTES <= picture.length;) {
    const length = picture.readUInt32BE(at);
    const type = picture.toString('latin1', at + 4, at + 8);
    const end = Math.min(at + PNG_CHUNK_BYTES + length, picture.length);
    const isPixels = type === 'IDAT';
    const isWanted = PNG_DRAWN.has(type) && (isPixels || (!once.has(type) && length <= MAX_SIDE_BYTES));
    if (isWanted) bare.keep(at, end);
    if (!isPixels && isWanted) once.add(type);
    if (type === 'IEND') break;
    at = end;
  }
  return bare.bytes();
}

/** Segments up to the pixels: marker, length, data. Of the applications' only the size of a pixel, EXIF, the profile and Adobe's colours stay. */
function bareJpeg(picture: Buffer): Buffer {
  const bare = collect(picture, 2);
  let left = 2 * MAX_SIDE_BYTES;
  let at = 2;
  while (isSegment(picture, at)) {
    const end = segmentEnd(picture, at);
    const isSide = isSideSegment(picture, at);
    const isDrawn = isSide && isDrawnSegment(picture, at);
    if (isDrawn) left -= end - at;
    if (!isSide || (isDrawn && left >= 0)) bare.keep(at, end);
    at = end;
  }
  bare.keep(at, picture.length);
  return bare.bytes();
}

function isSegment(picture: Buffer, at: number): boolean {
  return at + 4 <= picture.length && picture[at] === 0xff && picture[at + 1] !== START_OF_SCAN;
}

/** Before a marker there may be any number of 0xff, which are a part of nothing. */
function segmentEnd(picture: Buffer, at: number): number {
  if (picture[at + 1] === FILL) return at + 1;
  return Math.min(at + 2 + Math.max(2, picture.readUInt16BE(at + 2)), picture.length);
}

/** Of applications, and comments. */
function isSideSegment(picture: Buffer, at: number): boolean {
  const marker = picture[at + 1] ?? 0;
  return (marker >= 0xe0 && marker <= 0xef) || marker === COMMENT || marker === FILL;
}

function isDrawnSegment(picture: Buffer, at: number): boolean {
  const name = JPEG_DRAWN[picture[at + 1] ?? 0];
  return name !== undefined && picture.toString('latin1', at + 4, at + 4 + name.length) === name;
}

/** Copies into one buffer: a picture may have a million parts. */
function collect(picture: Buffer, headBytes: number) {
  const kept = Buffer.allocUnsafe(picture.length);
  let length = picture.copy(kept, 0, 0, headBytes);
  return {
    keep(from: number, to: number) {
      length += picture.copy(kept, length, from, to);
    },
    bytes: () => kept.subarray(0, length),
  };
}
