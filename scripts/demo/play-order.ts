import { DEMO_POINT } from '../sample-city/demo-logins.ts';
import { playDelivery } from './act-delivery.ts';
import { playOrdering } from './act-ordering.ts';
import type { Play, Stage } from './play.ts';
import { Player } from './player.ts';

/** One order from sign-up to the door, by three clients that know nothing but the public API and their sockets. */
export async function playOrder(stage: Stage): Promise<void> {
  const play: Play = {
    ...stage,
    customer: new Player('customer', stage.base),
    restaurant: new Player('restaurant', stage.base),
    courier: new Player('courier', stage.base),
    customerEmail: `guest-${Date.now().toString(36)}@demo.quickbite.example`,
    door: DEMO_POINT,
  };
  try {
    const orderId = await playOrdering(play);
    await playDelivery(play, orderId);
  } finally {
    for (const player of [play.customer, play.restaurant, play.courier]) player.disconnect();
  }
}
