import { AppError, isDuplicateKey } from '../../../errors/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now } from '../../../shared/clock.ts';
import { newId } from '../../../shared/ids.ts';
import { provisionalSlugs } from '../../../shared/slug.ts';
import { holdAccount } from '../../users/index.ts';
import { BrandModel, type BrandRow } from './brand.model.ts';
import { asNameTaken, nameKeyOf } from './public-name.service.ts';

const MAX_BRANDS = 20;

interface BrandFields {
  name: string;
  description: string;
}

/** @throws AppError `already_exists` (one's own brand of that name), `list_full` */
export async function createBrand(
  { name, description = '' }: { name: string; description?: string | undefined },
  { userId: ownerId }: Actor,
): Promise<BrandRow> {
  const at = now();
  const bare = { _id: newId(), ownerId, name, description, nameKey: null, version: 0, createdAt: at, updatedAt: at };
  const slugs = provisionalSlugs(name, 'brand');
  for (const slug of slugs) {
    try {
      return await withTransaction((tx) => insertBrand(tx, { ...bare, slug }));
    } catch (error) {
      if (!isDuplicateKey(error, 'slug') || slug === slugs.at(-1)) throw asTwin(error);
    }
  }
  throw new AppError('already_exists');
}

/** All of one's own, by name. */
export async function listBrands({ userId }: Actor): Promise<BrandRow[]> {
  return BrandModel.find({ ownerId: userId }).sort({ name: 1 }).lean<BrandRow[]>();
}

/** @throws AppError `not_found`, also for somebody else's */
export async function getOwnBrand(brandId: string, { userId }: Actor): Promise<BrandRow> {
  const row = await BrandModel.findOne({ _id: brandId, ownerId: userId }).lean<BrandRow>();
  if (row === null) throw new AppError('not_found');
  return row;
}

interface BrandEdit {
  brandId: string;
  expectedVersion: number;
  change: { [K in keyof BrandFields]?: BrandFields[K] | undefined };
}

/** @throws AppError `not_found`, `version_conflict` (with the current version), `already_exists` */
export async function updateBrand({ brandId, expectedVersion, change }: BrandEdit, actor: Actor): Promise<BrandRow> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const { nameKey } = await getOwnBrand(brandId, actor);
  const { name } = change;
  const renamed = typeof nameKey === 'string' && name !== undefined ? { nameKey: nameKeyOf(name) } : {};
  try {
    const row = await BrandModel.collection.findOneAndUpdate(
      // Whoever claims or gives up the name raises the version.
      { _id: brandId as never, ownerId: actor.userId, version: expectedVersion },
      { $set: { ...given, ...renamed, updatedAt: now() }, $inc: { version: 1 } },
      { returnDocument: 'after' },
    );
    if (row !== null) return row as unknown as BrandRow;
  } catch (error) {
    throw asTwin(error);
  }
  const { version: currentVersion } = await getOwnBrand(brandId, actor);
  throw new AppError('version_conflict', { details: { currentVersion } });
}

/** @throws AppError `not_found`, also for somebody else's */
export async function assertOwnBrand(tx: Tx, brandId: string, ownerId: string): Promise<void> {
  const row = await BrandModel.findOne({ _id: brandId, ownerId }, { _id: 1 }).session(tx).lean();
  if (row === null) throw new AppError('not_found');
}

async function insertBrand(tx: Tx, row: BrandRow): Promise<BrandRow> {
  // Of parallel requests each counts those before it.
  await holdAccount(tx, row.ownerId);
  const count = await BrandModel.countDocuments({ ownerId: row.ownerId }).session(tx);
  if (count >= MAX_BRANDS) throw new AppError('list_full');
  await BrandModel.collection.insertOne(row as never, { session: tx });
  return row;
}

function asTwin(error: unknown): unknown {
  if (!isDuplicateKey(error, 'name')) return asNameTaken(error, 'name');
  const details = [{ path: 'name', code: 'brand_exists', message: 'You have a brand of this name already.' }];
  return new AppError('already_exists', { details, cause: error });
}
