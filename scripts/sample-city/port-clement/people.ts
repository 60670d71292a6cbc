import type { CourierRecord } from '../../../src/modules/deliveries/courier.model.ts';
import type { UserRow } from '../../../src/modules/users/user.model.ts';
import { toGeoJson } from '../../../src/shared/geo.ts';
import { idFrom } from '../../../src/shared/ids.ts';
import { addressIn, pointAt, spotIn, zoneFor } from '../geography.ts';
import { person } from '../people.ts';
import { Random } from '../random.ts';
import type { CityInput } from '../types.ts';
import { PORT_CLEMENT, PORT_HOME, PORT_ZONES } from './geography.ts';

const CUSTOMERS = 60;
const COURIERS = 12;

const FIRST_NAMES =
  'Adèle Anaïs Baptiste Chloé Élodie Gaël Hélène Jérôme Loïc Maël Noémie Océane Rémi Solène Yann'.split(' ');
const LAST_NAMES = 'Aubert Bertin Caradec Delaunay Étienne Garnier Kerouac Lemaître Moreau Perrot Quéré Tanguy'.split(
  ' ',
);

interface Numbers {
  /** Numbers of the first of each in the whole sample. */
  customers: number;
  couriers: number;
}

export function generatePortPeople(city: CityInput, first: Numbers): { users: UserRow[]; couriers: CourierRecord[] } {
  const customers = Array.from({ length: CUSTOMERS }, (_, offset) =>
    customerRow(city, first.customers + offset, offset),
  );
  const fleet = Array.from({ length: COURIERS }, (_, offset) => courierOf(city, first.couriers + offset));
  return { users: [...customers, ...fleet.map(({ user }) => user)], couriers: fleet.map(({ courier }) => courier) };
}

function customerRow(city: CityInput, index: number, offset: number): UserRow {
  const random = new Random(city.seed, 'customer', index);
  const user = person(city, { kind: 'customer', index, roles: ['customer'], random });
  const zone = zoneFor(random, PORT_ZONES);
  const spot = offset === 0 ? PORT_HOME : spotIn(zone, random);
  const address = {
    _id: idFrom(city.seed, 'address', index, 0),
    label: 'Maison',
    line1: addressIn(zone, random),
    city: 'Port Clement',
    postcode: zone.postcode,
    location: toGeoJson(pointAt(spot, PORT_CLEMENT)),
  };
  return { ...user, name: nameOf(random), addresses: [address] };
}

function courierOf(city: CityInput, index: number): { user: UserRow; courier: CourierRecord } {
  const random = new Random(city.seed, 'courier', index);
  const user = person(city, { kind: 'courier', index, roles: ['courier'], random });
  const spot = spotIn(zoneFor(random, PORT_ZONES), random);
  const courier: CourierRecord = {
    _id: user._id,
    vehicle: random.pick(['bike', 'bike', 'scooter', 'foot']),
    status: 'approved',
    isOnline: false,
    activeDeliveryId: null,
    location: toGeoJson(pointAt(spot, PORT_CLEMENT)),
    locationAt: new Date(city.now.getTime() - random.whole(1, 600) * 60_000),
    sharedAt: null,
    createdAt: user.createdAt,
    updatedAt: user.createdAt,
  };
  return { user: { ...user, name: nameOf(random) }, courier };
}

function nameOf(random: Random): string {
  return `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
}
