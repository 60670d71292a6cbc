import { ROLES, type Role } from './actor.ts';

/** What somebody is in one restaurant. The owner stands in the restaurant itself, the others in its staff. */
export const STAFF_ROLES = ['owner', 'manager', 'kitchen'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

interface Rule {
  /** Roles of the account that the route lets pass. */
  roles: readonly Role[];
  /** Roles in the restaurant it is about; asked by the service, which knows the restaurant. */
  staff?: readonly StaffRole[];
}

const CUSTOMER = { roles: ['customer'] } as const;
const COURIER = { roles: ['courier'] } as const;
const ADMIN = { roles: ['admin'] } as const;

/**
 * Who may do what: the one table. A route names its line in `authorize`, its contract the same line; whose a single resource is
 * stays the filter of the service.
 */
export const permissions = {
  'account.use': { roles: ROLES },
  'addresses.use': CUSTOMER,
  'favourites.use': CUSTOMER,
  'cart.use': CUSTOMER,
  'order.place': CUSTOMER,
  'order.cancel': { roles: ['customer', 'restaurant', 'support', 'admin'], staff: ['owner', 'manager'] },
  'order.fail': { roles: ['support', 'admin'] },
  'order.receive': CUSTOMER,
  'order.read': { roles: ROLES },
  'order.pay': CUSTOMER,
  'order.tip': CUSTOMER,
  'document.read': { roles: ['customer', 'restaurant', 'support', 'admin'], staff: ['owner', 'manager'] },
  'cards.use': CUSTOMER,
  'payment.read': { roles: ['customer', 'support', 'admin'] },
  'refund.make': { roles: ['support', 'admin'] },
  'refund.read': { roles: ['restaurant', 'courier', 'support', 'admin'] },

  'order.board': { roles: ['restaurant'], staff: STAFF_ROLES },
  'order.accept': { roles: ['restaurant'], staff: STAFF_ROLES },
  'order.cook': { roles: ['restaurant'], staff: STAFF_ROLES },
  'order.amend': { roles: ['restaurant'], staff: STAFF_ROLES },
  'order.reject': { roles: ['restaurant'], staff: ['owner', 'manager'] },
  'order.totals': { roles: ['restaurant'], staff: ['owner', 'manager'] },
  'restaurant.console': { roles: ['restaurant'], staff: STAFF_ROLES },
  'restaurant.edit': { roles: ['restaurant'], staff: ['owner', 'manager'] },
  'restaurant.terms': { roles: ['restaurant'], staff: ['owner'] },
  'restaurant.pause': { roles: ['restaurant'], staff: STAFF_ROLES },
  'restaurant.submit': { roles: ['restaurant'], staff: ['owner'] },
  'brand.manage': { roles: ['restaurant'] },
  'menu.edit': { roles: ['restaurant'], staff: ['owner', 'manager'] },
  'menu.stock': { roles: ['restaurant'], staff: STAFF_ROLES },
  'review.reply': { roles: ['restaurant'], staff: ['owner', 'manager'] },
  'staff.read': { roles: ['restaurant'], staff: ['owner', 'manager'] },
  'staff.manage': { roles: ['restaurant'], staff: ['owner'] },

  'delivery.carry': COURIER,

  'review.write': CUSTOMER,
  'review.moderate': { roles: ['support', 'admin'] },
  'restaurants.manage': ADMIN,

  'ledger.read': { roles: ['restaurant', 'courier', 'admin'] },
  'money.manage': ADMIN,
  'cash.manage': { roles: ['support', 'admin'] },

  'coupon.manage': ADMIN,
  'users.manage': ADMIN,
  'audit.read': ADMIN,
} as const satisfies Record<string, Rule>;

export type Permission = keyof typeof permissions;

/** A permission that also asks what somebody is in the restaurant. */
export type StaffPermission = {
  [P in Permission]: (typeof permissions)[P] extends { staff: readonly StaffRole[] } ? P : never;
}[Permission];

export function canStaff(role: StaffRole, permission: StaffPermission): boolean {
  return (permissions[permission].staff as readonly StaffRole[]).includes(role);
}
