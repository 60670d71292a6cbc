import { createCategory, createMenuImport, createMenuItem } from '../../factories/menu-item.ts';
import type { OwnershipRows, Parties, Resource } from './ownership-row.ts';
import { restaurant } from './restaurant-rows.ts';

/** Of menus: categories, dishes, imports. */
export const MENU_ROWS: OwnershipRows = {
  'get /restaurants/:restaurantId/menu': { entitled: ['public'], make: restaurant },
  'get /restaurants/:restaurantId/categories': { entitled: ['owner'], make: restaurant },
  'post /restaurants/:restaurantId/categories': {
    entitled: ['owner'],
    // A menu has one category of a name.
    isOnce: true,
    make: menu(() => ({ name: 'Soups' })),
  },
  'put /restaurants/:restaurantId/categories/order': {
    entitled: ['owner'],
    make: menu(({ categoryId }) => ({ categoryIds: [categoryId] })),
  },
  'put /restaurants/:restaurantId/categories/:categoryId/order': {
    entitled: ['owner'],
    make: menu(({ itemId }) => ({ itemIds: [itemId] }), ['restaurantId', 'categoryId']),
  },
  'patch /categories/:categoryId': { entitled: ['owner'], make: menu(() => ({ name: 'Soups' }), ['categoryId']) },
  'delete /categories/:categoryId': { isOnce: true, entitled: ['owner'], make: emptyCategory },
  'get /restaurants/:restaurantId/items': { entitled: ['owner'], make: restaurant },
  'post /restaurants/:restaurantId/items': {
    entitled: ['owner'],
    make: menu(({ categoryId }) => {
      return { categoryId, name: 'Soup', price: { amount: 100, currency: 'INR' }, taxCategory: 'food' };
    }),
  },
  'get /items/:itemId': { entitled: ['owner'], make: menu(undefined, ['itemId']) },
  'patch /items/:itemId': { entitled: ['owner'], make: menu(() => ({ name: 'Soup' }), ['itemId']) },
  'delete /items/:itemId': { isOnce: true, entitled: ['owner'], make: menu(undefined, ['itemId']) },
  'put /items/:itemId/options': { entitled: ['owner'], make: menu(() => ({ optionGroups: [] }), ['itemId']) },
  'put /items/:itemId/sizes': { entitled: ['owner'], make: menu(() => ({ sizes: [] }), ['itemId']) },
  'put /items/:itemId/availability': {
    entitled: ['owner'],
    make: menu(() => ({ item: { isAvailable: false } }), ['itemId']),
  },
  'put /items/:itemId/stock': { entitled: ['owner'], make: menu(() => ({ count: 3 }), ['itemId']) },
  'post /restaurants/:restaurantId/menu/duplicate': { entitled: ['owner'], make: menuAndBranch },
  'post /restaurants/:restaurantId/menu/import': {
    // One at a time of a restaurant, and nobody works it off.
    isOnce: true,
    entitled: ['owner'],
    make: menu(() => ({ format: 'quickbite-menu-1', categories: [] })),
  },
  'get /restaurants/:restaurantId/menu/imports': { entitled: ['owner'], make: restaurant },
  'get /restaurants/:restaurantId/menu/imports/:importId': { entitled: ['owner'], make: menuImport },
  'get /restaurants/:restaurantId/menu/export': { entitled: ['owner'], make: restaurant },
};

interface MenuIds {
  restaurantId: string;
  categoryId: string;
  itemId: string;
}

/** A menu of one item; which of its ids stand in the path. */
function menu(bodyOf?: (ids: MenuIds) => object, named: readonly (keyof MenuIds)[] = ['restaurantId']) {
  return async (parties: Parties): Promise<Resource> => {
    const { params } = await restaurant(parties);
    const restaurantId = params['restaurantId'] ?? '';
    const { _id: categoryId } = await createCategory({ restaurantId });
    const { _id: itemId } = await createMenuItem({ restaurantId, categoryId });
    const ids = { restaurantId, categoryId, itemId };
    const inPath = Object.fromEntries(named.map((name) => [name, ids[name]]));
    return { params: inPath, ...(bodyOf && { body: bodyOf(ids) }) };
  };
}

async function emptyCategory(parties: Parties): Promise<Resource> {
  const { params } = await restaurant(parties);
  const { _id: categoryId } = await createCategory(params);
  return { params: { categoryId } };
}

async function menuAndBranch(parties: Parties): Promise<Resource> {
  const branch = await restaurant(parties);
  return { ...(await restaurant(parties)), body: { toRestaurantId: branch.params['restaurantId'] ?? '' } };
}

async function menuImport(parties: Parties): Promise<Resource> {
  const { params } = await restaurant(parties);
  const { _id: importId } = await createMenuImport(params);
  return { params: { ...params, importId } };
}
