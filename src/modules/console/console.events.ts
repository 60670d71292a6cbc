import type { OfficeCommand } from '../restaurants/index.ts';

/** Outbox payload: `{ restaurantId, version, decision }`: the office has decided about a restaurant, and its owner is to hear of it. */
export const RESTAURANT_DECIDED = 'restaurant.decided';

export const DECISIONS = ['approve', 'refuse', 'suspend', 'reinstate', 'archive'] as const satisfies OfficeCommand[];
export type Decision = (typeof DECISIONS)[number];
