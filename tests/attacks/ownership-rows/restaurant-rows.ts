import type { RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { now } from '../../../src/shared/clock.ts';
import { createBrand } from '../../factories/brand.ts';
import { createCompleteRestaurant } from '../../factories/complete-restaurant.ts';
import { createRestaurant } from '../../factories/restaurant.ts';
import { createInvitation, createMember } from '../../factories/staff.ts';
import { createUser } from '../../factories/user.ts';
import type { OwnershipRows, Parties, Resource } from './ownership-row.ts';

/** Of restaurants, their console, their staff, their brands. */
export const RESTAURANT_ROWS: OwnershipRows = {
  'get /restaurants/:restaurantId': { entitled: ['public'], make: restaurant },
  'get /restaurants/:restaurantId/availability': { entitled: ['public'], make: restaurant },
  'get /restaurants/:restaurantId/slots': { entitled: ['public'], make: restaurant },
  'get /restaurants/:restaurantId/staff': { entitled: ['owner'], make: restaurant },
  'post /restaurants/:restaurantId/staff': { entitled: ['owner'], make: vacancy },
  'patch /restaurants/:restaurantId/staff/:userId': { entitled: ['owner'], make: member({ role: 'manager' }) },
  'delete /restaurants/:restaurantId/staff/:userId': { entitled: ['owner'], make: member() },
  'delete /restaurants/:restaurantId/invitations/:invitationId': { entitled: ['owner'], make: invitation },
  'get /restaurants/:restaurantId/console': { entitled: ['owner'], make: restaurant },
  'patch /restaurants/:restaurantId': { entitled: ['owner'], make: restaurantWith({ prepMinutes: 25 }) },
  'post /restaurants/:restaurantId/submit': { entitled: ['owner'], make: completeRestaurant('draft') },
  'post /restaurants/:restaurantId/withdraw': { entitled: ['owner'], make: completeRestaurant('in_review') },
  'post /restaurants/:restaurantId/close': { entitled: ['owner'], make: restaurant },
  'post /restaurants/:restaurantId/reopen': { entitled: ['owner'], make: completeRestaurant('archived') },
  'get /brands/:brandId': { entitled: ['public'], make: brand() },
  'get /brands/:brandId/branches': { entitled: ['public'], make: brand() },
  'get /brands/:brandId/console': { entitled: ['customer'], make: brand() },
  'patch /brands/:brandId': { entitled: ['customer'], make: brand({ description: 'Peppery since 1974.' }) },
  'get /admin/restaurants/:restaurantId': { entitled: ['office'], make: restaurant },
  'put /admin/restaurants/:restaurantId/status': {
    entitled: ['office'],
    make: completeRestaurant('in_review', { status: 'live' }),
  },
  'put /admin/restaurants/:restaurantId/commission': {
    entitled: ['office'],
    make: completeRestaurant('in_review', { commissionBasisPoints: 1_500 }),
  },
};

export async function restaurant({ owner }: Parties): Promise<Resource> {
  const { _id } = await createRestaurant({ ownerId: owner.userId });
  return { params: { restaurantId: _id } };
}

function restaurantWith(body: object) {
  return async (parties: Parties): Promise<Resource> => ({ ...(await restaurant(parties)), body });
}

function completeRestaurant(status: RestaurantRow['status'], body?: object) {
  return async ({ owner }: Parties): Promise<Resource> => {
    const { _id } = await createCompleteRestaurant({ ownerId: owner.userId, status, submittedAt: now() });
    return { params: { restaurantId: _id }, ...(body && { body }) };
  };
}

/** With a live branch. Of somebody who has no staff: a brand is nobody's place of work. */
function brand(body?: object) {
  return async ({ customer }: Parties): Promise<Resource> => {
    const { _id: brandId } = await createBrand({ ownerId: customer.userId });
    await createRestaurant({ ownerId: customer.userId, brandId });
    return { params: { brandId }, ...(body && { body }) };
  };
}

async function vacancy(parties: Parties): Promise<Resource> {
  return { ...(await restaurant(parties)), body: { email: 'guest@example.com', role: 'kitchen' } };
}

function member(body?: object) {
  return async (parties: Parties): Promise<Resource> => {
    const { params } = await restaurant(parties);
    const { _id: userId } = await createUser({ roles: ['restaurant'] });
    await createMember({ ...params, userId, role: 'kitchen' });
    return { params: { ...params, userId }, ...(body && { body }) };
  };
}

async function invitation(parties: Parties): Promise<Resource> {
  const { params } = await restaurant(parties);
  const { _id: invitationId } = await createInvitation(params);
  return { params: { ...params, invitationId } };
}
