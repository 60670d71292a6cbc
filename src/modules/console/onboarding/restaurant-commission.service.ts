import { withTransaction } from '../../../infra/mongo/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { changeRestaurant, toRestaurantSnapshot, type RestaurantSnapshot } from '../../restaurants/index.ts';
import { assertNotOwnSide } from '../../staff/index.ts';
import { auditTerms } from '../audit-terms.service.ts';

interface Agreed {
  restaurantId: string;
  expectedVersion: number;
  commissionBasisPoints: number;
}

/** An order keeps the commission of its placement. @throws AppError `not_found`, `own_side`, `version_conflict` */
export async function setRestaurantCommission(
  { commissionBasisPoints, ...target }: Agreed,
  actor: Actor,
): Promise<RestaurantSnapshot> {
  await assertNotOwnSide({ restaurantId: target.restaurantId }, actor);
  return withTransaction(async (tx) => {
    const { before, after } = await changeRestaurant(tx, target, () => ({ commissionBasisPoints }));
    const restaurant = toRestaurantSnapshot(after);
    const terms = ['commissionBasisPoints'] as const;
    await auditTerms(tx, { before: toRestaurantSnapshot(before), after: restaurant, terms });
    return restaurant;
  });
}
