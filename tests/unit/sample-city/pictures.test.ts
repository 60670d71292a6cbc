import { decode } from 'blurhash';
import { describe, expect, it } from 'vitest';
import { generateCity } from '../../../scripts/sample-city/index.ts';
import { isTileName, tileBaseOf, tileNameOf, tilePicture, tileSvg } from '../../../scripts/sample-city/pictures.ts';

describe('tileSvg', () => {
  it('draws the glyph of the dish in the colours of the cuisine, the same each time', () => {
    const svg = tileSvg('north-indian-bowl-1');
    expect(svg).toBe(tileSvg('north-indian-bowl-1'));
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg".*<\/svg>$/);
    expect(svg).toContain('#b23a48');
    expect(svg).not.toMatch(/"[abcd]"/);
  });

  it('draws another tile for another cuisine, dish or variant', () => {
    const names = ['thai-bowl-0', 'pizza-bowl-0', 'thai-noodles-0', 'thai-bowl-3'];
    expect(new Set(names.map(tileSvg)).size).toBe(4);
  });

  it('draws a plain plate for any other name, and none of the name', () => {
    for (const name of ['', 'x', '"><script>alert(1)</script>', 'constructor-toString-1', 'a'.repeat(9_999)]) {
      expect(tileSvg(name)).toContain('#6c757d');
      expect(tileSvg(name)).not.toContain('script');
    }
  });
});

describe('tileNameOf', () => {
  it('knows a dish by a word of its name', () => {
    expect(tileNameOf('biryani', 'Hyderabadi Chicken Biryani', 6)).toBe('biryani-rice-2');
    expect(tileNameOf('creperie', 'Galette complète', 0)).toBe('creperie-crepe-0');
    expect(tileNameOf('thai', 'Something else', 1)).toBe('thai-plate-1');
  });
});

describe('isTileName', () => {
  it('knows what a row of the city can name, and nothing else', () => {
    for (const name of ['thai-bowl-0', 'north-indian-rice-3', tileNameOf('boulangerie', 'Anything', 7)]) {
      expect(isTileName(name), name).toBe(true);
    }
    for (const name of [
      '',
      'x',
      'thai-bowl',
      'thai-bowl-4',
      'thai-bowl-00',
      'thai-hat-1',
      'klingon-bowl-1',
      'constructor-bowl-1',
    ]) {
      expect(isTileName(name), name).toBe(false);
    }
  });
});

describe('the pictures of the sample city', () => {
  it('are all tiles that the local cloud draws', () => {
    const now = new Date('2026-11-20T08:00:00.000Z');
    const { restaurants, menuItems } = generateCity({ profile: 'demo', now, tileBase: 'http://127.0.0.1:1/qb' });
    const names = [...restaurants, ...menuItems].flatMap(
      ({ picture }) => picture?.imageId.replace('sample/', '') ?? [],
    );
    expect(names.length).toBeGreaterThan(2_900);
    expect(names.filter((name) => !isTileName(name))).toEqual([]);
  });
});

describe('the picture of a tile', () => {
  const local = { deliveryUrl: 'http://127.0.0.1:12115', cloudName: 'quickbite' };

  it('has an address with size and format, and a blurhash of its own colours', () => {
    const picture = tilePicture(tileBaseOf(local), 'thai-noodles-2');
    const base = 'http://127.0.0.1:12115/quickbite/image/upload/sample/thai-noodles-2';
    expect(picture?.urlTemplate).toBe(`${base}/{size}-{format}.{format}`);
    expect(decode(picture?.blurhash ?? '', 8, 6)).toHaveLength(8 * 6 * 4);
    expect(picture?.blurhash).not.toBe(tilePicture(tileBaseOf(local), 'pizza-noodles-2')?.blurhash);
  });

  it('is not there without a cloud, or with a real account that has no such tiles', () => {
    expect(tileBaseOf({ ...local, cloudName: '' })).toBeNull();
    expect(tileBaseOf({ ...local, deliveryUrl: 'https://res.cloudinary.com' })).toBeNull();
    expect(tilePicture(null, 'thai-noodles-2')).toBeNull();
  });
});
