import type { ReviewRow } from '../../../src/modules/reviews/review.model.ts';
import { generateCity, type Profile } from '../generate-city.ts';
import { Random } from '../random.ts';
import { fillBasket } from './basket.ts';
import { TINY_COURIERS, type Block } from './blocks.ts';
import { Fleet } from './couriers.ts';
import { demandOf } from './demand.ts';
import type { OrderRows } from './log.ts';
import { choose, openMarket } from './market.ts';
import { reviewOf } from './reviews.ts';
import { orderIdOf } from './row-id.ts';
import { tell } from './story.ts';

export interface PastOrder extends OrderRows {
  review: ReviewRow | null;
}

/**
 * The orders of a block, oldest first, one at a time, so that 200,000 of them need no more memory than one. The same seed and anchor
 * give the same rows.
 */
export function* generateBlock(seed: string, block: Block, anchor: Date): Generator<PastOrder> {
  const profile: Profile = block.name === 'tiny' ? 'tiny' : 'demo';
  const market = openMarket(generateCity({ seed, profile, now: anchor }), seed, anchor);
  const fleet = new Fleet(profile === 'tiny' ? market.couriers : market.couriers.slice(TINY_COURIERS));
  let reviews = block.name === 'tiny' ? 0 : Infinity;
  let isHalfRefunded = block.name === 'tiny';
  for (const [number, wish] of demandOf(seed, block, anchor).entries()) {
    const random = new Random(seed, 'order', block.name, number);
    const chosen = choose(market, wish, random);
    const { restaurant, appeal, prepMinutes } = chosen.offer.house;
    const rows = tell({
      orderId: orderIdOf(wish.at, seed, 'order', block.name, number),
      quote: fillBasket(chosen, wish.at, random),
      ownerId: restaurant.ownerId,
      prepMinutes,
      isRaining: wish.isRaining,
      isPeak: wish.isPeak,
      isHalfRefunded,
      fleet,
      random,
    });
    if (rows.payment.status === 'partially_refunded') isHalfRefunded = false;
    const review = reviewOf(rows, { seed, anchor, appeal, number: reviews });
    if (review !== null) reviews += 1;
    yield { ...rows, review };
  }
}
