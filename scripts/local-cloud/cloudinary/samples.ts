import sharp, { type Sharp } from 'sharp';
import { isTileName, tileSvg } from '../../sample-city/pictures.ts';

const WIDTHS = new Map([
  ['small', 320],
  ['medium', 800],
  ['large', 1600],
]);
const SAMPLE = /^sample\/(?<name>[a-z0-9-]{1,80})\/(?<size>small|medium|large)-(?<format>avif|webp|jpg)$/;
const MAX_KEPT = 500;

/**
 * The pictures of the sample city are drawn when somebody looks: `sample/<name>/<size>-<format>`, thousands of files that nobody has to
 * upload. null: the city has no such
 * tile.
 */
export async function drawSample(publicId: string, kept: Map<string, Buffer>): Promise<Buffer | null> {
  const [, name, size = '', format = ''] = SAMPLE.exec(publicId) ?? [];
  if (name === undefined || !isTileName(name)) return null;
  const ready = kept.get(publicId);
  if (ready !== undefined) return ready;
  const width = WIDTHS.get(size) ?? 800;
  const tile = sharp(Buffer.from(tileSvg(name)), { density: 144 }).resize(width);
  const drawn = await encodeAs(tile, format).toBuffer();
  if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value ?? '');
  kept.set(publicId, drawn);
  return drawn;
}

function encodeAs(tile: Sharp, format: string): Sharp {
  if (format === 'avif') return tile.avif({ quality: 50, effort: 0 });
  return format === 'webp' ? tile.webp({ quality: 80, effort: 2 }) : tile.flatten({ background: '#fff' }).jpeg();
}
