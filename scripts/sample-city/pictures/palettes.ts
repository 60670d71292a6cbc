/** Of a cuisine: two of the background, then `a` to `d` of its glyphs (strong, second, light, dark). */
export interface Palette {
  from: string;
  to: string;
  a: string;
  b: string;
  c: string;
  d: string;
}

function palette(colours: string): Palette {
  const [from = '', to = '', a = '', b = '', c = '', d = ''] = colours.split(' ').map((hex) => `#${hex}`);
  return { from, to, a, b, c, d };
}

export const PALETTES: Readonly<Record<string, Palette>> = {
  'north-indian': palette('f7b267 d1495b b23a48 f4a259 fff1d6 5b2333'),
  'south-indian': palette('b7e4c7 2d6a4f 40916c e9c46a fefae0 1b4332'),
  biryani: palette('ffd166 bc6c25 a44a3f e9a03b fff3c4 582f0e'),
  'street-food': palette('ffe066 f25f5c d62839 f9a03f fff7d6 70163c'),
  seafood: palette('a9def9 1d6fa3 e76f51 8ecae6 f1faee 023047'),
  gujarati: palette('fefae0 e09f3e ca6702 f2cc8f fffdf2 6b4226'),
  bengali: palette('f6d6ad c1666b 9e2a2b e8b05c fff4e0 4a1c1d'),
  'indo-chinese': palette('ffcdb2 b5171e c1121f f7b538 fff0e0 3d0c11'),
  thai: palette('d8f3dc 52796f e56b6f 95d5b2 f8fff4 2f3e46'),
  japanese: palette('fde2e4 6d597a e5383b f4978e fffafa 22223b'),
  'middle-eastern': palette('f2e9e4 b08968 9c6644 ddb892 fbf6ef 4a3423'),
  italian: palette('e9f5db 6a994e bc4749 f2e8cf fdfcf4 386641'),
  pizza: palette('ffe8a3 e4572e c1292e f3c65f fff6dc 8a3b12'),
  burgers: palette('ffd6a5 9c4221 a63d00 d98a34 c8e07a 5c2408'),
  mexican: palette('ffe8a1 2a9d8f d1462f f4a261 fbf8cc 264653'),
  healthy: palette('e8f8d8 74c69d f2785c 95d552 f6ffec 2d6a4f'),
  bakery: palette('fff1e6 d4a373 a0522d e6b980 fffaf3 6b3e26'),
  cafe: palette('ede0d4 7f5539 9c6644 d6b08c fff8f0 432818'),
  bistro: palette('e0e7ff 3a4e8c a4243b d8c99b fdfbf4 1d2b53'),
  creperie: palette('fff4d6 5c7fa3 b5651d ecc27a fffbef 33415c'),
  boulangerie: palette('fdf0d5 c08457 9a4f1c e3b477 fffaf0 5a3018'),
};

export const FALLBACK_PALETTE = palette('e9ecef 6c757d 495057 adb5bd f8f9fa 212529');
