import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [head, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  head.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, sum]);
}

/** A few hundred bytes that say they are so large. */
export function floodPng(side: number, { depth = 8 } = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([depth, 2, 0, 0, 0], 8);
  const data = pngChunk('IDAT', deflateSync(Buffer.alloc(1000)));
  return Buffer.concat([SIGNATURE, pngChunk('IHDR', header), data, pngChunk('IEND', Buffer.alloc(0))]);
}

/** Its comments inflate to `megabytes`. */
export function withPackedComments(
  png: Buffer,
  { comments, megabytes }: { comments: number; megabytes: number },
): Buffer {
  const text = deflateSync(Buffer.alloc((megabytes / comments) * 1024 * 1024, 'a'), { level: 9 });
  const all = Array.from({ length: comments }, (_, n) =>
    pngChunk('zTXt', Buffer.concat([Buffer.from(`Comment${n}\0\0`, 'latin1'), text])),
  );
  // Behind IHDR.
  return Buffer.concat([png.subarray(0, 33), ...all, png.subarray(33)]);
}

/** The same AVIF says that it is so large. */
export function resizedAvif(avif: Buffer, side: number): Buffer {
  const copy = Buffer.from(avif);
  const at = copy.indexOf('ispe');
  copy.writeUInt32BE(side, at + 8);
  copy.writeUInt32BE(side, at + 12);
  return copy;
}
