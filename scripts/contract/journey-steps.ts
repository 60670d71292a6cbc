import { DEMO_EMAILS, DEMO_PASSWORD } from '../sample-city/demo-logins.ts';
import { cooking, delivering } from './journey-fulfilling.ts';
import { paying, shopping } from './journey-ordering.ts';
import type { Step } from './journey-step.ts';

/** What the requests read and fill. The seeded people share one password; the provider's address is printed by the demo. */
export const journeyVariables: Readonly<Record<string, string>> = {
  baseUrl: 'http://127.0.0.1:5000/api/v1',
  paymentProviderUrl: 'http://127.0.0.1:12111',
  demoPassword: DEMO_PASSWORD,
  restaurantEmail: DEMO_EMAILS.restaurant,
  courierEmail: DEMO_EMAILS.courier,
  bearerToken: '',
  refreshToken: '',
  customerToken: '',
  restaurantToken: '',
  courierToken: '',
};

/** The demo's order, step by step. */
export const journeySteps: readonly Step[] = [...shopping, ...paying, ...cooking, ...delivering];
