import { DEMO_POINT } from '../sample-city/demo-logins.ts';

interface CommonStep {
  title: string;
  status: 200 | 201 | 202 | 204 | 401 | 409;
  /** Script lines before the request. */
  before?: readonly string[];
  /** An expression over `answer`; the request is repeated until it holds. */
  until?: string;
  /** Script lines over `answer`, run as one test with the status. */
  after?: readonly string[];
}

/** A request of the API, taken from the document by its operation id. */
export interface ApiStep extends CommonStep {
  operationId: string;
  /** Whose token `{{<actor>Token}}` is; `bearer` is the one that the collection itself keeps fresh. */
  actor: 'anybody' | 'bearer' | 'customer' | 'restaurant' | 'courier' | 'admin';
  path?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string>>;
  /** A value `{{=name}}` is put in as JSON, without quotes. */
  body?: object;
  idempotencyKey?: string;
  /** Where the operation needs one: by default the version that was kept last. */
  ifMatch?: string;
}

/** A form that the customer's browser sends to the payment provider. */
export interface ProviderStep extends CommonStep {
  providerPath: readonly string[];
  form: Readonly<Record<string, string>>;
}

export type Step = ApiStep | ProviderStep;

/** A folder to be run from top to bottom. */
export interface Journey {
  name: string;
  description: string;
  steps: readonly Step[];
}

/** Where the demo's customer lives. */
export const home = DEMO_POINT;

export const ofOrder = { path: { orderId: '{{orderId}}' } };
export const ofRestaurant = { path: { restaurantId: '{{restaurantId}}' } };

/** A script line that keeps a value for the requests after this one. */
export function keep(name: string, expression: string): string {
  return `pm.environment.set('${name}', ${expression});`;
}

export function statusIs(status: string): string {
  return `pm.expect(answer.status).to.equal('${status}');`;
}

/** Of one of the demo's people: `name` is that of the variables `{{nameEmail}}` and `{{nameToken}}`. */
export function logsIn(title: string, name: string): Step {
  return {
    ...{ title, operationId: 'logIn', actor: 'anybody' },
    body: { email: `{{${name}Email}}`, password: '{{demoPassword}}' },
    status: 200,
    after: [keep(`${name}Token`, 'answer.accessToken')],
  };
}
