import type { Role } from '../../src/shared/actor.ts';
import { canStaff, permissions, type Permission, type StaffPermission } from '../../src/shared/permissions.ts';
import { RestaurantStaffModel } from '../../src/modules/staff/restaurant-staff.model.ts';
import { RestaurantModel } from '../../src/modules/restaurants/restaurant.model.ts';
import { newId } from '../../src/shared/ids.ts';
import type { MemberRole } from '../../src/modules/staff/restaurant-staff.model.ts';
import type { Entitled, Parties } from '../attacks/ownership-rows/ownership-row.ts';
import { createCourier } from '../factories/courier.ts';
import { createRestaurant } from '../factories/restaurant.ts';
import { createMember } from '../factories/staff.ts';
import { logInAs, type Login } from './log-in.ts';

/** Every trade that owns something. */
const TRADES: Role[] = ['customer', 'restaurant', 'courier'];

export interface Principal {
  roles: readonly Role[];
  /** What they are to the resource, if anything. */
  party?: Entitled;
  /** What they are in its restaurant. */
  staff?: MemberRole;
}

/** Whoever may try a door. Strangers have things of their own; only these are not theirs. */
export const PRINCIPALS: Record<string, Principal> = {
  anonymous: { roles: [] },
  'another customer': { roles: ['customer'] },
  'another restaurant': { roles: ['restaurant'] },
  'another courier': { roles: ['courier'] },
  'staff of another restaurant': { roles: TRADES },
  'a stranger of every trade': { roles: TRADES },
  'the customer': { roles: TRADES, party: 'customer' },
  'the owner of the restaurant': { roles: TRADES, party: 'owner' },
  'a manager of the restaurant': { roles: TRADES, staff: 'manager' },
  'kitchen staff of the restaurant': { roles: TRADES, staff: 'kitchen' },
  'the courier': { roles: TRADES, party: 'courier' },
  support: { roles: ['support'], party: 'office' },
  'an admin': { roles: ['admin'], party: 'office' },
};

/**
 * What the house promises: 401 without a token, 403 without the role of the account or of the restaurant, 404 for what is somebody
 * else's; null: they may.
 */
export function expectedStatus(
  auth: 'public' | Permission | null,
  entitled: readonly Entitled[],
  principal: Principal,
): number | null {
  if (auth === 'public' || entitled.includes('public')) return null;
  if (principal.roles.length === 0) return 401;
  const allowed: readonly Role[] = auth === null ? [] : permissions[auth].roles;
  if (!principal.roles.some((role) => allowed.includes(role))) return 403;
  if (entitled.includes('everyone')) return null;
  if (principal.staff !== undefined) return statusOfStaff(auth, entitled, principal.staff);
  return principal.party !== undefined && entitled.includes(principal.party) ? null : 404;
}

/** What is the owner's is the staff's, as far as the table goes. */
function statusOfStaff(auth: Permission | null, entitled: readonly Entitled[], role: MemberRole): number | null {
  if (!entitled.includes('owner')) return 404;
  if (auth === null || !('staff' in permissions[auth])) return null;
  return canStaff(role, auth as StaffPermission) ? null : 403;
}

export async function logInEverybody(): Promise<Map<string, Login>> {
  const entries = Object.entries(PRINCIPALS).filter(([, { roles }]) => roles.length > 0);
  const logins = await Promise.all(
    entries.map(async ([name, principal]) => {
      const login = await logInAs({ roles: [...principal.roles] });
      await settle(name, principal, login);
      return [name, login] as const;
    }),
  );
  return new Map(logins);
}

async function settle(name: string, { roles, party, staff }: Principal, { userId }: Login): Promise<void> {
  if (party !== undefined || staff !== undefined) return;
  const isEmployed = name === 'staff of another restaurant';
  if (roles.includes('restaurant')) {
    const { _id: restaurantId } = await createRestaurant({ ownerId: isEmployed ? newId() : userId });
    if (isEmployed) await createMember({ restaurantId, userId });
  }
  if (roles.includes('courier')) await createCourier({ _id: userId, isOnline: false });
}

/** Manager and kitchen work in every restaurant that the owner has by now. */
export async function employStaff(logins: Map<string, Login>): Promise<void> {
  const { owner } = partiesOf(logins);
  const restaurants = await RestaurantModel.find({ ownerId: owner.userId }, { _id: 1 }).lean();
  for (const { _id: restaurantId } of restaurants) {
    for (const [name, { staff }] of Object.entries(PRINCIPALS)) {
      if (staff === undefined) continue;
      const { userId } = loginOf(logins, name);
      // Asked again for one more restaurant, they stay in the others.
      if ((await RestaurantStaffModel.countDocuments({ restaurantId, userId })) === 0)
        await createMember({ restaurantId, userId, role: staff });
    }
  }
}

export function loginOf(logins: Map<string, Login>, name: string): Login {
  const login = logins.get(name);
  if (login === undefined) throw new Error(`nobody is ${name}`);
  return login;
}

export function partiesOf(logins: Map<string, Login>): Parties {
  return {
    customer: loginOf(logins, 'the customer'),
    owner: loginOf(logins, 'the owner of the restaurant'),
    courier: loginOf(logins, 'the courier'),
  };
}
