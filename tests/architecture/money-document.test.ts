import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { routeTable } from '../../scripts/architecture/route-table.ts';
import { EXAMPLES } from '../../scripts/contract/money-examples.ts';
import { MONEY_FILE, renderMoney } from '../../scripts/contract/money-document.ts';
import { moduleRouters } from '../../src/routes.ts';

describe('docs/money.md', () => {
  it('says what the code computes (else: npm run generate)', async () => {
    const text = await readFile(MONEY_FILE, 'utf8');
    expect(text).toBe(await renderMoney());
    for (const name of Object.keys(EXAMPLES)) expect(text).toContain(`<!-- example: ${name} -->`);
  });

  it('names only routes that there are', async () => {
    const text = await readFile(MONEY_FILE, 'utf8');
    const named = [...text.matchAll(/curl .*?(?:-X (\w+) )?"\$API(\/[^"?]*)/g)].map(([, method = 'GET', path = '']) => {
      return `${method} ${path.replaceAll(/\$\w+/g, ':id')}`;
    });
    const known = new Set(
      routeTable(moduleRouters).map(({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/:\w+/g, ':id')}`),
    );
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((route) => !known.has(route))).toEqual([]);
  });
});
