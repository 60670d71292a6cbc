import { AppError, isDuplicateKey } from '../../../errors/index.ts';
import { recordAudit } from '../../../infra/audit/index.ts';
import { afterCommit, withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { cutSockets } from '../../../realtime/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { provisionalSlugs } from '../../../shared/slug.ts';
import {
  getRestaurant,
  insertRestaurant,
  type NewRestaurant,
  type RestaurantSnapshot,
} from '../../restaurants/index.ts';
import { assertWorksAt, auditRoles } from '../../staff/index.ts';
import { getUser, setRole } from '../../users/index.ts';
import { assertOwnBrand } from '../brands/brands.service.ts';
import { assertRoomForDraft, asTwin } from './draft-limits.service.ts';

type Draft = Omit<NewRestaurant, 'slug' | 'ownerId'>;

/**
 * A draft of the person's own, who is a restaurant's account from the next request on. The unique index decides about the
 * address, which is provisional until the approval, and that a double click makes one draft.
 * @throws AppError `email_not_verified`, `already_exists`, `list_full`, `not_found` (brand); `forbidden` for whom an admin has taken the
 *   role away from
 */
export async function createRestaurant(draft: Draft, { userId }: Actor): Promise<RestaurantSnapshot> {
  const { emailVerifiedAt } = await getUser(userId);
  if (emailVerifiedAt === null) throw new AppError('email_not_verified');
  const slugs = provisionalSlugs(draft.name, 'restaurant');
  for (const slug of slugs) {
    try {
      return await withTransaction((tx) => insertDraft(tx, { ...draft, slug, ownerId: userId }));
    } catch (error) {
      if (!isDuplicateKey(error, 'slug') || slug === slugs.at(-1)) throw asTwin(error);
    }
  }
  throw new AppError('already_exists');
}

/** As its staff sees it. @throws AppError `not_found`, `forbidden` */
export async function getRestaurantConsole(restaurantId: string, { userId }: Actor): Promise<RestaurantSnapshot> {
  await assertWorksAt(restaurantId, userId, 'restaurant.console');
  return getRestaurant(restaurantId);
}

async function insertDraft(tx: Tx, draft: NewRestaurant): Promise<RestaurantSnapshot> {
  const { ownerId, brandId } = draft;
  await assertRoomForDraft(tx, ownerId);
  const account = await setRole(tx, { userId: ownerId, role: 'restaurant', isHeld: true });
  if (!account.after.includes('restaurant')) throw new AppError('forbidden');
  if (typeof brandId === 'string') await assertOwnBrand(tx, brandId, ownerId);
  const restaurant = await insertRestaurant(tx, draft);
  await recordAudit(tx, { event: 'restaurant.created', subjectId: restaurant.id, after: { name: restaurant.name } });
  await auditRoles(tx, ownerId, account);
  // They come back into the restaurant's room.
  afterCommit(tx, () => {
    cutSockets(`user:${ownerId}`);
  });
  return restaurant;
}
