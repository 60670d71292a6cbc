import type { Narrator } from './narrator.ts';
import type { Player } from './player.ts';

export interface Stage {
  /** Address of the API. */
  base: string;
  /** Address of the payment provider, which the customer's browser talks to. */
  stripeUrl: string;
  inboxUrl: string;
  narrator: Narrator;
}

/** What the acts hand on. */
export interface Play extends Stage {
  customer: Player;
  restaurant: Player;
  courier: Player;
  customerEmail: string;
  door: { lat: number; lng: number };
}
