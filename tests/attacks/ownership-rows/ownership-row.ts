import type { Login } from '../../support/log-in.ts';

/** The people of one order. Each of them has every trade, so that it is ownership that is asked for, and not the role. */
export interface Parties {
  customer: Login;
  owner: Login;
  courier: Login;
}

/** Who may use a resource. `public` is everybody, `everyone` whoever has the role, `office` support and admin. */
export type Entitled = keyof Parties | 'office' | 'public' | 'everyone';

export interface Resource {
  /** Values of the route's parameters. */
  params: Record<string, string>;
  query?: Record<string, string>;
  /** A body that its owner would get a 2xx for. */
  body?: object;
  /** Where the body names something of the sender's own. */
  bodyOf?: (sender: Login) => Promise<object>;
}

export interface OwnershipRow {
  /** The parameter is a name out of a closed list: any other value is refused by the schema. */
  isName?: true;
  /** The parameter is the id of a user, and an admin finds everybody. */
  isUser?: true;
  entitled: readonly Entitled[];
  /** It can be done once: each of the entitled gets a resource of its own. */
  isOnce?: true;
  /** Makes a resource that belongs to the parties. */
  make: (parties: Parties) => Promise<Resource>;
}

/** By method and path of the route. */
export type OwnershipRows = Readonly<Record<string, OwnershipRow>>;

export function partyIds({ customer, owner }: Parties): { customerId: string; ownerId: string } {
  return { customerId: customer.userId, ownerId: owner.userId };
}
