import { BrandModel, type BrandRow } from '../../src/modules/console/brands/brand.model.ts';
import { now } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';

export async function createBrand(changes: Partial<BrandRow> = {}): Promise<BrandRow> {
  const _id = changes._id ?? newId();
  const row: BrandRow = {
    ...{ _id, ownerId: newId(), name: 'Pepper House', slug: `brand-${_id}`, description: '', version: 0 },
    ...{ nameKey: null },
    ...{ createdAt: now(), updatedAt: now() },
    ...changes,
  };
  await new BrandModel(row).save();
  return row;
}
