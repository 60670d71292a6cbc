import type { CourierRecord } from '../../src/modules/deliveries/courier.model.ts';
import type { UserRow } from '../../src/modules/users/user.model.ts';
import { toGeoJson } from '../../src/shared/geo.ts';
import { DEMO_RESTAURANT, pointAt, spotIn, zoneFor, type Spot } from './geography.ts';
import { person } from './people.ts';
import { Random } from './random.ts';
import type { CityInput } from './types.ts';

const [EAST, NORTH] = DEMO_RESTAURANT;

interface SpecialCourier {
  spot: Spot;
  isOnline: boolean;
  fixAgeMinutes: number;
}

/** The demo's courier, the only one online; two at the same distance from the demo's restaurant; one whose last fix is old. */
const SPECIAL_COURIERS: readonly SpecialCourier[] = [
  { spot: [EAST - 250, NORTH - 100], isOnline: true, fixAgeMinutes: 0 },
  { spot: [EAST - 500, NORTH], isOnline: false, fixAgeMinutes: 1 },
  { spot: [EAST + 500, NORTH], isOnline: false, fixAgeMinutes: 1 },
  { spot: [EAST, NORTH + 150], isOnline: false, fixAgeMinutes: 10 },
];

export function generateCouriers(city: CityInput, count: number): { users: UserRow[]; couriers: CourierRecord[] } {
  const users: UserRow[] = [];
  const couriers: CourierRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    const random = new Random(city.seed, 'courier', index);
    const user = person(city, { kind: 'courier', index, roles: ['courier'], random });
    users.push(user);
    couriers.push(courierRow(city, user, { index, random }));
  }
  return { users, couriers };
}

function courierRow(
  city: CityInput,
  user: UserRow,
  { index, random }: { index: number; random: Random },
): CourierRecord {
  const special = SPECIAL_COURIERS[index];
  const spot = special?.spot ?? spotIn(zoneFor(random), random);
  const fixAgeMinutes = special?.fixAgeMinutes ?? random.whole(1, 600);
  return {
    _id: user._id,
    vehicle: random.pick(['scooter', 'scooter', 'bike', 'bike', 'foot']),
    status: 'approved',
    isOnline: special?.isOnline ?? false,
    activeDeliveryId: null,
    location: toGeoJson(pointAt(spot)),
    locationAt: new Date(city.now.getTime() - fixAgeMinutes * 60_000),
    sharedAt: null,
    createdAt: user.createdAt,
    updatedAt: user.createdAt,
  };
}
