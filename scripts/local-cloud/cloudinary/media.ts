import sharp from 'sharp';
import type { ResourceType } from './asset-store.ts';
import { CloudinaryError } from './errors.ts';
import { readMp4 } from './mp4.ts';

interface Media {
  format: string;
  width: number;
  height: number;
  duration: number | null;
}

const FORMATS: Record<string, string> = { jpeg: 'jpg', heif: 'avif' };

/** What the file is, from its own bytes. @throws CloudinaryError as the vendor refuses what it cannot read */
export async function inspect(file: Buffer, resourceType: ResourceType): Promise<Media> {
  if (resourceType === 'video') {
    const facts = readMp4(file);
    if (facts === null) throw new CloudinaryError(400, 'Unsupported video format or file');
    return facts;
  }
  try {
    const png = readPngHead(file);
    if (png !== null) return png;
    const { format, width, height } = await sharp(file).metadata();
    return { format: FORMATS[format] ?? format, width, height, duration: null };
  } catch {
    throw new CloudinaryError(400, 'Invalid image file');
  }
}

/** From the head alone: the decoder would inflate every comment first. null: no PNG. */
function readPngHead(file: Buffer): Media | null {
  if (file.length < 33 || file.toString('latin1', 1, 4) !== 'PNG') return null;
  return { format: 'png', width: file.readUInt32BE(16), height: file.readUInt32BE(20), duration: null };
}
