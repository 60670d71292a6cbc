import { DEMO_EMAILS, DEMO_PASSWORD } from '../sample-city/demo-logins.ts';
import { cooking, delivering } from './journey-fulfilling.ts';
import { openingJourney } from './journey-opening.ts';
import { cashJourney, collectionJourney, moneyJourney } from './journey-money.ts';
import { paying, shopping } from './journey-ordering.ts';
import { sessionJourney } from './journey-session.ts';
import type { Journey } from './journey-step.ts';

/** What the requests read and fill. The seeded people share one password; the provider's address is printed by the demo. */
export const journeyVariables: Readonly<Record<string, string>> = {
  baseUrl: 'http://127.0.0.1:5000/api/v1',
  paymentProviderUrl: 'http://127.0.0.1:12111',
  demoPassword: DEMO_PASSWORD,
  restaurantEmail: DEMO_EMAILS.restaurant,
  courierEmail: DEMO_EMAILS.courier,
  adminEmail: DEMO_EMAILS.admin,
  bearerToken: '',
  refreshToken: '',
  deviceToken: '',
  customerToken: '',
  restaurantToken: '',
  courierToken: '',
  adminToken: '',
};

/** The demo's order, step by step. */
export const orderJourney: Journey = {
  name: 'From sign-up to delivered',
  description: `One order from sign-up to the door, as \`npm run demo\` plays it: run the folder from top to bottom against a running demo.
Each request stores what the next ones need in the environment. Where the worker has to act first, a request repeats itself until its
answer shows it.`,
  steps: [...shopping, ...paying, ...cooking, ...delivering],
};

export const journeys: readonly Journey[] = [
  orderJourney,
  moneyJourney,
  cashJourney,
  collectionJourney,
  openingJourney,
  sessionJourney,
];
