import { describe, expect, it } from 'vitest';
import type { PublicChange } from '../../../src/infra/pages/index.ts';
import { publicCollections } from '../../../src/public-versions.ts';
import { listVersions, menuVersions, restaurantVersions, reviewVersions } from '../../../src/shared/public-versions.ts';
import { newId } from '../../../src/shared/ids.ts';

function touched(collection: string, change: Partial<PublicChange> & { id: string }): readonly string[] | null {
  const found = publicCollections.find((one) => one.collection === collection);
  if (found === undefined) throw new Error(`nobody follows ${collection}`);
  return found.versionsOf({ changed: null, document: null, ...change });
}

const isEnded = (page: readonly string[], by: readonly string[] | null) =>
  by === null || by.some((name) => page.includes(name));

describe('a delete of a row that no longer tells whose it was', () => {
  it.each(['menu_items', 'menu_categories', 'reviews', 'kitchen_slots'])('in %s ends no page by itself', (name) => {
    expect(touched(name, { id: newId() })).toEqual([]);
  });

  it('ends the menu of its restaurant alone, by the revision that every edit raises', () => {
    const [mine, other] = [newId(), newId()];
    const edit = touched('menus', { id: mine, changed: new Set(['revision']), document: {} });
    expect(isEnded(menuVersions(mine), edit)).toBe(true);
    expect(isEnded(menuVersions(other), edit)).toBe(false);
    expect(isEnded(restaurantVersions(mine), edit)).toBe(false);
  });
});

describe('an order that takes a place in the kitchen', () => {
  const id = newId();
  const claim = touched('kitchen_slots', {
    id: `${id}-1`,
    changed: new Set(['taken']),
    document: { restaurantId: id },
  });

  it('ends the page of the restaurant, and neither its menu nor its reviews', () => {
    expect(isEnded(restaurantVersions(id), claim)).toBe(true);
    expect(isEnded(menuVersions(id), claim)).toBe(false);
    expect(isEnded(reviewVersions(id, []), claim)).toBe(false);
  });

  it('ends the lists that the full kitchen is kept off, and none that shows it', () => {
    expect(isEnded(listVersions({ keys: ['*'], shownIds: [id] }), claim)).toBe(false);
    expect(isEnded(listVersions({ keys: ['*'], shownIds: [], fullIds: [id] }), claim)).toBe(true);
  });
});

describe('a rating', () => {
  const rate = (id: string, average: number) =>
    touched('restaurants', {
      id,
      changed: new Set(['rating']),
      document: { listKeys: ['*', 'cell'], rating: { average } },
    });

  it('ends the restaurant’s page and what shows it, and neither menu nor reviews', () => {
    const id = newId();
    const change = rate(id, 4.2);
    expect(isEnded(restaurantVersions(id), change)).toBe(true);
    expect(isEnded(listVersions({ keys: ['*'], shownIds: [id] }), change)).toBe(true);
    expect(isEnded(menuVersions(id), change)).toBe(false);
    expect(isEnded(reviewVersions(id, []), change)).toBe(false);
  });

  it('that passes a tenth ends lists by rating which might have to show it, one within it none', () => {
    const id = newId();
    const byRating = listVersions({ keys: ['cell'], shownIds: [], isByRating: true });
    const others = listVersions({ keys: ['cell'], shownIds: [] });
    rate(id, 4.43);
    expect(isEnded(byRating, rate(id, 4.49))).toBe(false);
    const past = rate(id, 4.5);
    expect(isEnded(byRating, past)).toBe(true);
    expect(isEnded(others, past)).toBe(false);
    expect(isEnded(byRating, rate(id, 4.51))).toBe(false);
  });
});

describe('a restaurant with other cuisines', () => {
  it('ends the cuisines of its cells; one with other hours does not', () => {
    const document = { listKeys: ['*', 'cell'] };
    const id = newId();
    expect(touched('restaurants', { id, changed: new Set(['cuisines', 'listKeys']), document })).toContain(
      'members:cell',
    );
    expect(touched('restaurants', { id, changed: new Set(['hours']), document })).not.toContain('members:cell');
  });
});

describe('the name over a review', () => {
  it('ends the pages of reviews that show it, and stands on none as an id', () => {
    const [restaurantId, userId] = [newId(), newId()];
    const gone = touched('users', { id: userId, changed: new Set(['name', 'status']), document: {} });
    const page = reviewVersions(restaurantId, [userId]);
    expect(isEnded(page, gone)).toBe(true);
    expect(isEnded(reviewVersions(restaurantId, [newId()]), gone)).toBe(false);
    expect(page.join()).not.toContain(userId);
  });
});
