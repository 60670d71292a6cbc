import type { BrandRow } from '../../src/modules/console/brands/brand.model.ts';
import { nameKeyOf } from '../../src/modules/console/brands/public-name.service.ts';
import type { RestaurantRow } from '../../src/modules/restaurants/restaurant.model.ts';

const BRANDS: Readonly<Record<string, Pick<BrandRow, 'name' | 'description'>>> = {
  'green-tiffin': { name: 'Green Tiffin', description: 'Lunch boxes of the day, three kitchens, one recipe book.' },
  'forno-fratelli': { name: 'Forno Fratelli', description: 'Two brothers, two ovens.' },
};

/** Of the restaurants that carry its id: the names under which their owners keep them. */
export function generateBrands(restaurants: readonly RestaurantRow[]): BrandRow[] {
  const branches = new Map(restaurants.map((row) => [row.brandId, row]));
  return Object.entries(BRANDS).flatMap(([slug, brand]): BrandRow[] => {
    const branch = [...branches.values()].find(({ name }) => name.startsWith(brand.name));
    if (branch?.brandId == null) return [];
    const { brandId: _id, ownerId, createdAt } = branch;
    return [
      { _id, ownerId, ...brand, slug, nameKey: nameKeyOf(brand.name), version: 0, createdAt, updatedAt: createdAt },
    ];
  });
}
