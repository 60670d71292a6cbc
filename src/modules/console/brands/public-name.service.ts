import { AppError, isDuplicateKey } from '../../../errors/index.ts';
import type { Tx } from '../../../infra/mongo/index.ts';
import { now } from '../../../shared/clock.ts';
import { slugOf } from '../../../shared/slug.ts';
import { hasStandingBranch } from '../../restaurants/index.ts';
import { BrandModel, type BrandRow } from './brand.model.ts';

interface Branch {
  brandId: string | null;
  status: string;
}

/** Approved branches, also suspended ones: their brand keeps its name. */
const STANDING: readonly string[] = ['live', 'suspended'];
const WORDS = /[\p{L}\p{M}\p{N}]+/gu;

/** How names are compared: by their words, without case, Latin accents and what stands between. */
export function nameKeyOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]+/gu, '')
    .toLowerCase();
  return plain.match(WORDS)?.join(' ') ?? plain;
}

/**
 * Among brands that customers see, no two are called alike: the unique index decides. A brand has its name, and the plain address if
 * nobody else has it, from its first approved branch to its last; what is only prepared takes neither from anybody.
 * @throws the duplicate-key error of `nameKey` (`asNameTaken`), or of `slug` where another brand took it a moment earlier
 */
export async function followBranch(tx: Tx, before: Branch, after: Branch): Promise<void> {
  const [left, joined] = [standingBrandOf(before), standingBrandOf(after)];
  if (left === joined) return;
  if (left !== null) await release(tx, left);
  if (joined !== null) await claim(tx, joined);
}

/** In the words of the API; anything else as it is. */
export function asNameTaken(error: unknown, path: string): unknown {
  if (!isDuplicateKey(error, 'nameKey')) return error;
  const message = 'Customers know another brand by this name.';
  return new AppError('already_exists', { details: [{ path, code: 'brand_name_taken', message }], cause: error });
}

function standingBrandOf({ brandId, status }: Branch): string | null {
  return STANDING.includes(status) ? brandId : null;
}

async function claim(tx: Tx, brandId: string): Promise<void> {
  const { name, nameKey } = await hold(tx, brandId);
  if (typeof nameKey === 'string') return;
  const slug = slugOf(name, 'brand');
  const isFree = (await BrandModel.exists({ slug }).session(tx)) === null;
  await write(tx, brandId, { nameKey: nameKeyOf(name), ...(isFree ? { slug } : {}) });
}

async function release(tx: Tx, brandId: string): Promise<void> {
  await hold(tx, brandId);
  if (!(await hasStandingBranch(brandId, tx))) await write(tx, brandId, { nameKey: null });
}

/** Of two branches that come and go at once, the second waits and counts the first. */
async function hold(tx: Tx, brandId: string): Promise<BrandRow> {
  const row = await BrandModel.collection.findOneAndUpdate(
    { _id: brandId as never },
    { $set: { updatedAt: now() }, $inc: { version: 1 } },
    { session: tx, returnDocument: 'after' },
  );
  if (row === null) throw new AppError('not_found');
  return row as unknown as BrandRow;
}

async function write(tx: Tx, brandId: string, change: Partial<BrandRow>): Promise<void> {
  await BrandModel.collection.updateOne({ _id: brandId as never }, { $set: change }, { session: tx });
}
