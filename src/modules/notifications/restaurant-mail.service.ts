import type { Decision } from '../console/index.ts';
import { findRestaurants, type RestaurantSnapshot } from '../restaurants/index.ts';
import { appLink } from './app-links.ts';
import { findRecipient, sendOnce, type Letter } from './send-once.service.ts';

interface Decided {
  restaurantId: string;
  /** Of the restaurant once it was decided: one mail per decision. */
  version: number;
  decision: Decision;
}

interface DecisionText {
  /** What the restaurant is by this decision; once it is something else, the mail would tell of the past. */
  status: RestaurantSnapshot['status'];
  subject: (name: string) => string;
  /** Goes on after the name. */
  sentence: string;
}

const TEXTS: Readonly<Record<Decision, DecisionText>> = {
  approve: {
    ...{ status: 'live', subject: (name) => `${name} is live` },
    sentence: 'was approved. Customers see it from now on, and can order while it is open.',
  },
  refuse: {
    ...{ status: 'draft', subject: (name) => `${name} cannot go live yet` },
    sentence: 'was looked at and sent back. Once you have changed what is in the way, submit it again.',
  },
  suspend: {
    ...{ status: 'suspended', subject: (name) => `${name} is suspended` },
    sentence: 'was suspended. It takes no new orders; those that it has go on.',
  },
  reinstate: {
    ...{ status: 'live', subject: (name) => `${name} is live again` },
    sentence: 'is no longer suspended. Customers see it again, and can order while it is open.',
  },
  archive: {
    ...{ status: 'archived', subject: (name) => `${name} is closed` },
    sentence: 'was closed by us. It takes no new orders; those that it has go on.',
  },
};

/** To its owner. The reason is the office's, as it stands in the restaurant. */
export async function sendRestaurantDecision({ restaurantId, version, decision }: Decided): Promise<void> {
  await sendOnce({
    kind: 'restaurant-decided',
    subjectId: `${restaurantId}-${version}`,
    prepare: async () => {
      const [restaurant] = await findRestaurants([restaurantId]);
      if (restaurant?.status !== TEXTS[decision].status) return null;
      return letterAbout(restaurant, decision);
    },
  });
}

async function letterAbout(restaurant: RestaurantSnapshot, decision: Decision): Promise<Letter | null> {
  const recipient = await findRecipient(restaurant.ownerId);
  if (recipient === null) return null;
  const { to, greeting } = recipient;
  const { id, name: restaurantName, statusReason: reason } = restaurant;
  const { subject, sentence } = TEXTS[decision];
  const link = appLink(`/console/restaurants/${id}`);
  return { to, subject: subject(restaurantName), data: { greeting, restaurantName, sentence, reason, link } };
}
