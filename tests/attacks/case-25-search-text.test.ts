import '../setup/without-rate-limits.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MenuItemModel } from '../../src/modules/menu/menu-item.model.ts';
import { rebuildSearchWords } from '../../src/modules/menu/search/rebuild-words.service.ts';
import { buildMenuItem } from '../factories/menu-item.ts';
import { createRestaurants } from '../factories/restaurant.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { recordCommands } from '../support/command-log.ts';
import { cpuMsSince } from '../support/growth.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  const rows = await createRestaurants(
    Array.from({ length: 300 }, (_, index) => ({ name: `${'a'.repeat(20)} house ${index}`, cuisines: ['aaaa'] })),
  );
  await MenuItemModel.insertMany(
    rows.map(({ _id }, index) => buildMenuItem({ restaurantId: _id, name: `Aaaa bbbb cccc ${index}` })),
  );
  await rebuildSearchWords();
});
afterAll(async () => {
  await emptyCollections();
  await app.stop();
});

/** Of this process: the wall clock would measure whoever shares the core. What the database reads is bounded and index-served
 * (tests/integration/menu/search.queries.test.ts). */
const MOST_MS = 50;
const TEXTS = [
  ...[
    '(a+)+$',
    '^.*.*.*=',
    '[',
    '.*',
    '\\',
    '(?:a|a)*b',
    'a{1,99999}',
    '"$where": "sleep(9)"',
    '{"$gt":""}',
    '*',
    '?(',
  ],
  ...['a'.repeat(200), 'a '.repeat(100), `${'aaaa '.repeat(39)}b`, '\u0345'.repeat(150), 'é'.repeat(200)],
];
const PATHS = ['/search?q=', '/search?lat=15.2&lng=73.1&q=', '/search/suggest?q=', '/restaurants?q='];
const DATABASE_WORDS = /mongo|regular expression|\$regex|operator|BSON|\bE\d{5}\b|PlanExecutor/iu;

describe('case 25: a search', () => {
  it.each(PATHS)(
    '%s by text that looks like a pattern, answers within its time, and no pattern reaches the database',
    async (path) => {
      const commands = recordCommands();
      for (const text of TEXTS) {
        const times: number[] = [];
        for (let round = 0; round < 8 && Math.min(...times, Infinity) > MOST_MS; round += 1) {
          const before = process.cpuUsage();
          const res = await app.request.get(`/api/v1${path}${encodeURIComponent(text)}`);
          times.push(cpuMsSince(before));
          expect([200, 400], text).toContain(res.status);
          expect(res.text, text).not.toMatch(DATABASE_WORDS);
        }
        expect(Math.min(...times), text).toBeLessThan(MOST_MS);
      }
      commands.stop();
      expect(commands.text()).not.toMatch(/\$regex|\$where|\$text|RegularExpression/u);
    },
  );

  it.each(PATHS)('%s by 5 kB, is refused by its length, at once', async (path) => {
    for (const text of ['a'.repeat(5_000), '(a+)+$'.repeat(850), 'ab '.repeat(1_700)]) {
      const before = process.cpuUsage();
      const res = await app.request.get(`/api/v1${path}${encodeURIComponent(text)}`);
      expect(res.status).toBe(400);
      expect(cpuMsSince(before)).toBeLessThan(MOST_MS);
    }
  });

  it('whose text is punctuation alone, finds nothing and asks nothing', async () => {
    const response = await app.request.get(`/api/v1/search?q=${encodeURIComponent('(.+)$')}`).expect(200);
    expect((response.body as { data: unknown[] }).data).toEqual([]);
  });
});
