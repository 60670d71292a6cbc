import { exportLink } from '../../../src/modules/privacy/export-link.ts';
import { registerPushDevice } from '../../../src/modules/users/push-devices.service.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { createExport } from '../../factories/export.ts';
import { createIdentity } from '../../factories/identity.ts';
import { buildAddress, buildPhone, PASSWORD } from '../../factories/user.ts';
import { openLogin } from '../../support/log-in.ts';
import { openPage, RETURN_TO } from '../../support/social.ts';
import type { OwnershipRows, Parties, Resource } from './ownership-row.ts';
import { restaurant } from './restaurant-rows.ts';

/** Of the account: addresses, devices, exports, favourites, sessions, ways to sign in. */
export const ACCOUNT_ROWS: OwnershipRows = {
  'patch /me/addresses/:addressId': { entitled: ['customer'], make: address({ label: 'Work' }) },
  'delete /me/addresses/:addressId': { entitled: ['customer'], make: address() },
  'delete /me/devices/:deviceId': { entitled: ['customer'], make: pushDevice },
  'get /me/exports/:exportId': { entitled: ['customer'], make: personalExport },
  'get /exports/:exportId': { entitled: ['public'], make: exportByLink },
  'put /me/favourites/:restaurantId': { entitled: ['everyone'], make: restaurant },
  'delete /me/favourites/:restaurantId': { entitled: ['everyone'], make: restaurant },
  'post /auth/oauth/:provider/link': { entitled: ['everyone'], make: identityLink, isName: true },
  'delete /auth/identities/:provider': { entitled: ['customer'], make: identity, isName: true },
  'delete /auth/sessions/:sessionId': { entitled: ['customer'], make: session },
  'get /admin/users/:userId': { isUser: true, entitled: ['office'], make: account() },
  'patch /admin/users/:userId': {
    isUser: true,
    entitled: ['office'],
    make: account({ status: 'suspended', reason: 'Stolen cards' }),
  },
};

export function address(body?: object) {
  return async ({ customer }: Parties): Promise<Resource> => {
    const added = buildAddress();
    await UserModel.updateOne({ _id: customer.userId }, { $push: { addresses: added } });
    return { params: { addressId: added._id }, ...(body && { body }) };
  };
}

export async function pushDevice({ customer }: Parties): Promise<Resource> {
  const { id } = await registerPushDevice(buildPhone(), customer.userId);
  return { params: { deviceId: id } };
}

async function session({ customer }: Parties): Promise<Resource> {
  const { sessionId } = await openLogin(customer.user);
  return { params: { sessionId } };
}

/** Of the customer. */
function account(body?: object) {
  return ({ customer }: Parties): Promise<Resource> => {
    return Promise.resolve({ params: { userId: customer.userId }, ...(body && { body }) });
  };
}

async function personalExport({ customer }: Parties): Promise<Resource> {
  const { _id } = await createExport({ userId: customer.userId });
  return { params: { exportId: _id } };
}

/** The link is the key: whoever has it may. */
async function exportByLink({ customer }: Parties): Promise<Resource> {
  const { _id, expiresAt } = await createExport({ userId: customer.userId });
  const { searchParams } = new URL(exportLink(_id, expiresAt));
  return { params: { exportId: _id }, query: Object.fromEntries(searchParams) };
}

async function identity({ customer }: Parties): Promise<Resource> {
  const { provider } = await createIdentity({ userId: customer.userId });
  return { params: { provider }, body: { password: PASSWORD } };
}

/** Anybody signed in may begin; what comes of it is theirs alone. */
function identityLink(): Promise<Resource> {
  const body = { returnTo: RETURN_TO, codeChallenge: openPage().codeChallenge, password: PASSWORD };
  return Promise.resolve({ params: { provider: 'github' }, body });
}
