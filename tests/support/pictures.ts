import sharp, { type Sharp } from 'sharp';

/** A plain picture; noise does not compress, so that its size in bytes follows the pixels. */
export function drawPicture({ width = 640, height = 480 } = {}): Sharp {
  return sharp({ create: { width, height, channels: 3, background: { r: 200, g: 120, b: 40 } } });
}

/** As a telephone writes it: held upright, with the place in it. */
export async function jpegWithGps({ width = 640, height = 480 } = {}): Promise<Buffer> {
  return drawPicture({ width, height })
    .jpeg()
    .withExif({
      IFD0: { Make: 'Acme', Model: 'Phone 1', Orientation: '6' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '15/1 12/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '73/1 6/1 0/1' },
    })
    .withMetadata({ orientation: 6 })
    .toBuffer();
}

function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/** Enough of an MP4 that its length can be read, and as many bytes as wanted. */
export function mp4Of({ seconds, bytes = 0 }: { seconds: number; bytes?: number }): Buffer {
  const mvhd = Buffer.alloc(100);
  mvhd.writeUInt32BE(1000, 12);
  mvhd.writeUInt32BE(seconds * 1000, 16);
  const tkhd = Buffer.alloc(84);
  tkhd.writeUInt16BE(1280, 76);
  tkhd.writeUInt16BE(720, 80);
  return Buffer.concat([
    box('ftyp', Buffer.from('isom\u0000\u0000\u0002\u0000isomiso2', 'latin1')),
    box('moov', box('mvhd', mvhd), box('trak', box('tkhd', tkhd))),
    box('mdat', Buffer.alloc(bytes)),
  ]);
}
