import { encode } from 'blurhash';
import type { Picture } from '../../src/shared/picture.ts';
import { GLYPHS, glyphOf, isGlyph } from './pictures/glyphs.ts';
import { FALLBACK_PALETTE, PALETTES, type Palette } from './pictures/palettes.ts';

/** Every tile is 4 to 3; the largest size of its renderings is this wide. */
const WIDTH = 1_600;
const HEIGHT = 1_200;
const VARIANTS = 4;
const NAME = /^(?<cuisine>[a-z]+(?:-[a-z]+)*)-(?<glyph>[a-z]+)-(?<variant>\d{1,3})$/;

/** `<cuisine>-<glyph>-<variant>`: what a dish of this name looks like in this kitchen. */
export function tileNameOf(cuisine: string, dish: string, variant: number): string {
  return `${cuisine}-${glyphOf(dish)}-${variant % VARIANTS}`;
}

/** Whether a row of the sample city may name it; for any other name there is no picture. */
export function isTileName(name: string): boolean {
  const { cuisine = '', glyph = '', variant = '' } = NAME.exec(name)?.groups ?? {};
  return Object.hasOwn(PALETTES, cuisine) && isGlyph(glyph) && variant === String(Number(variant) % VARIANTS);
}

/**
 * The tile of a name of `tileNameOf`, as an SVG of 800 by 600: the colours of the cuisine, a plate, a glyph for the dish. Pure, so the
 * local cloud draws it whenever it is asked for; a name that nobody gave gets a grey plate.
 */
export function tileSvg(name: string): string {
  const { palette, glyph, variant } = partsOf(name);
  const { from, to, c, d } = palette;
  const angle = [20, 70, 115, 160][variant] ?? 20;
  const [x, y] = [
    [120, 110],
    [690, 120],
    [650, 500],
    [130, 490],
  ][variant] ?? [120, 110];
  const drawn = GLYPHS[glyph].replaceAll(/"([abcd])"/g, (_, key: 'a' | 'b' | 'c' | 'd') => `"${palette[key]}"`);
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 600" width="800" height="600">',
    `<defs><linearGradient id="g" gradientTransform="rotate(${angle} .5 .5)"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs>`,
    `<style>.steam{fill:none;stroke:${c};stroke-width:8;stroke-linecap:round;opacity:.75}</style>`,
    `<rect width="800" height="600" fill="url(#g)"/>`,
    `<circle cx="${x}" cy="${y}" r="${150 + 30 * variant}" fill="${c}" opacity=".16"/>`,
    `<circle cx="${800 - (x ?? 0)}" cy="${600 - (y ?? 0)}" r="90" fill="${d}" opacity=".12"/>`,
    `<ellipse cx="400" cy="330" rx="248" ry="236" fill="${d}" opacity=".22"/>`,
    `<circle cx="400" cy="300" r="240" fill="#fff"/><circle cx="400" cy="300" r="208" fill="${from}" opacity=".6"/>`,
    `<g transform="translate(400 306) rotate(${[0, -6, 6, 3][variant] ?? 0}) scale(1.95)">${drawn}</g>`,
    '</svg>',
  ]
    .join('')
    .replaceAll(/\s*\n\s*/g, '');
}

/** What a row keeps of a tile; `base` is where the local cloud delivers the tiles (`tileBaseOf`). Without a cloud there is no picture. */
export function tilePicture(base: string | null, name: string): Picture | null {
  if (base === null) return null;
  return {
    imageId: `sample/${name}`,
    urlTemplate: `${base}/${name}/{size}-{format}.{format}`,
    width: WIDTH,
    height: HEIGHT,
    blurhash: blurhashOf(name),
  };
}

/** Tiles are drawn by the local cloud only: an account at the real one has never heard of them. */
export function tileBaseOf({ deliveryUrl, cloudName }: { deliveryUrl: string; cloudName: string }): string | null {
  const isLocal = /^https?:\/\/(127\.0\.0\.1|localhost)(:|\/|$)/.test(deliveryUrl);
  return cloudName === '' || !isLocal ? null : `${deliveryUrl}/${cloudName}/image/upload/sample`;
}

const known = new Map<string, string>();

function blurhashOf(name: string): string {
  const hash = known.get(name) ?? encode(pixelsOf(name), COLUMNS, ROWS, 4, 3);
  known.set(name, hash);
  return hash;
}

const COLUMNS = 16;
const ROWS = 12;

/** The tile as a blur sees it: the run of the background, the white plate, the dish on it. */
function pixelsOf(name: string): Uint8ClampedArray {
  const { palette, variant } = partsOf(name);
  const [from, to, dish, light] = [palette.from, palette.to, palette.a, palette.c].map(rgbOf);
  const radians = (([20, 70, 115, 160][variant] ?? 20) * Math.PI) / 180;
  const pixels = new Uint8ClampedArray(COLUMNS * ROWS * 4);
  for (let index = 0; index < COLUMNS * ROWS; index += 1) {
    const [x, y] = [((index % COLUMNS) + 0.5) / COLUMNS - 0.5, (Math.floor(index / COLUMNS) + 0.5) / ROWS - 0.5];
    const share = Math.min(1, Math.max(0, 0.5 + x * Math.cos(radians) + y * Math.sin(radians)));
    const distance = Math.hypot(x * 800, y * 600);
    const ground = mix(from, to, share);
    const colour = distance < 130 ? mix(dish, light, 0.3) : distance < 240 ? mix(light, [255, 255, 255], 0.5) : ground;
    pixels.set([...colour, 255], index * 4);
  }
  return pixels;
}

type Rgb = [number, number, number];

function mix(one: Rgb | undefined, other: Rgb | undefined, share: number): Rgb {
  const [r, g, b] = one ?? [0, 0, 0];
  const [r2, g2, b2] = other ?? [0, 0, 0];
  return [r + (r2 - r) * share, g + (g2 - g) * share, b + (b2 - b) * share];
}

function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function partsOf(name: string): { palette: Palette; glyph: keyof typeof GLYPHS; variant: number } {
  const { cuisine = '', glyph = '', variant = '0' } = NAME.exec(name)?.groups ?? {};
  return {
    palette: Object.hasOwn(PALETTES, cuisine) ? (PALETTES[cuisine] ?? FALLBACK_PALETTE) : FALLBACK_PALETTE,
    glyph: isGlyph(glyph) ? glyph : 'plate',
    variant: Number(variant) % VARIANTS,
  };
}
