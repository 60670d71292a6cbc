import type { AddressRow, UserRow } from '../../src/modules/users/user.model.ts';
import type { Role } from '../../src/shared/actor.ts';
import { toGeoJson } from '../../src/shared/geo.ts';
import { idFrom } from '../../src/shared/ids.ts';
import { DEMO_EMAILS, DEMO_PASSWORD_HASH } from './demo-logins.ts';
import { addressIn, DEMO_HOME, DEMO_RESTAURANT, LIGHTHOUSE, pointAt, spotIn, zoneFor, type Spot } from './geography.ts';
import { Random } from './random.ts';
import { AREA_EDGE_EAST } from './special-restaurants.ts';
import type { CityInput } from './types.ts';

const FIRST_NAMES =
  'Aarav Aditi Aisha Akash Ananya Arjun Asha Dev Devika Farah Gauri Hana Imran Ishaan Jaya Kabir Karan Kavya Leela Maya Meera Mohan Nadia Neel Nikhil Nisha Omar Pooja Priya Rahul Ravi Rhea Rohan Sana Sanjay Sara Tara Uma Vikram Zara'.split(
    ' ',
  );
const LAST_NAMES =
  'Acharya Ahmed Banerjee Bhat Chopra D’Souza Das Desai Dutta Fernandes Gowda Gupta Iyer Jain Joshi Kamath Kapoor Khan Kulkarni Mehta Menon Mistry Mukherjee Naik Nair Pai Patel Pereira Pillai Rao Reddy Saxena Shah Sharma Shetty Singh Sinha Thomas Varma Verma'.split(
    ' ',
  );
const UNUSUAL_NAMES = [
  'Zoë 🌸 Kaur',
  'سارة خان',
  'Nguyễn Thị Ánh',
  'X Æ',
  'Bartholomew Featherstonehaugh-Cholmondeley de la Poer Beresford III',
];

type Kind = 'customer' | 'owner' | 'courier' | 'support' | 'admin' | 'restaurant';
const PHONE_BLOCKS: Record<Kind, number> = {
  customer: 0,
  owner: 30,
  courier: 40,
  restaurant: 50,
  support: 60,
  admin: 61,
};

/** North American numbers 555-0100 to 555-0199 belong to fiction; a hundred per area code. */
export function phoneOf(kind: Kind, index: number): string {
  const areaCode = 201 + PHONE_BLOCKS[kind] + Math.floor(index / 100);
  return `+1${areaCode}55501${String(index % 100).padStart(2, '0')}`;
}

export function generateCustomers(city: CityInput, count: number): UserRow[] {
  return Array.from({ length: count }, (_, index) => {
    const random = new Random(city.seed, 'customer', index);
    const user = person(city, { kind: 'customer', index, roles: ['customer'], random });
    user.addresses = index === 0 ? demoAddresses(city) : someAddresses(city, index, random);
    return user;
  });
}

export function generateOwners(city: CityInput, ownerIds: Iterable<string>, count: number): UserRow[] {
  const needed = new Set(ownerIds);
  return Array.from({ length: count }, (_, index) => {
    return person(city, { kind: 'owner', index, roles: ['restaurant'], random: new Random(city.seed, 'owner', index) });
  }).filter((owner) => needed.has(owner._id));
}

export function generateStaff(city: CityInput): UserRow[] {
  const random = new Random(city.seed, 'staff');
  return [
    person(city, { kind: 'support', index: 0, roles: ['support'], random }),
    person(city, { kind: 'admin', index: 0, roles: ['admin'], random }),
  ];
}

export interface PersonInput {
  kind: Exclude<Kind, 'restaurant'>;
  index: number;
  roles: Role[];
  random: Random;
}

export function person(city: CityInput, { kind, index, roles, random }: PersonInput): UserRow {
  const demoRole = kind === 'owner' ? 'restaurant' : kind;
  const number = String(index).padStart(4, '0');
  const createdAt = new Date(city.now.getTime() - random.whole(1, 700) * 86_400_000);
  return {
    _id: idFrom(city.seed, kind, index),
    email: index === 0 ? DEMO_EMAILS[demoRole] : `${kind}-${number}@people.quickbite.example`,
    name: nameOf(index, random),
    emailVerifiedAt: createdAt,
    phone: phoneOf(kind, index),
    phoneVerifiedAt: createdAt,
    roles,
    passwordHash: DEMO_PASSWORD_HASH,
    passwordChangedAt: null,
    hasSecondFactor: false,
    status: 'active',
    statusReason: null,
    sessionVersion: 0,
    addresses: [],
    createdAt,
    updatedAt: createdAt,
  };
}

/** Names that break naive code come among the first, so that a small city has them. */
function nameOf(index: number, random: Random): string {
  const ordinary = `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
  return index === 0 ? ordinary : (UNUSUAL_NAMES[index - 1] ?? ordinary);
}

/** 3,400 addresses for 2,000 customers: half have one, a third two, the others three. */
function someAddresses(city: CityInput, index: number, random: Random): AddressRow[] {
  const draw = random.next();
  const count = 1 + Number(draw > 0.46) + Number(draw > 0.82);
  return ['Home', 'Work', 'Family'].slice(0, count).map((label, position) => {
    const zone = zoneFor(random);
    const line1 = addressIn(zone, random);
    const spot = spotIn(zone, random);
    return addressRow(city, { id: [index, position], label, line1, postcode: zone.postcode, spot });
  });
}

/** Takes second and third addresses away from the last customers until this many are left. */
export function cutAddresses(customers: readonly UserRow[], size: number): void {
  let surplus = customers.reduce((total, { addresses }) => total + addresses.length, 0) - size;
  for (const { addresses } of [...customers].reverse()) surplus -= addresses.splice(1, surplus).length;
  if (surplus !== 0) throw new RangeError(`the customers have ${surplus} addresses more`);
}

/**
 * The demo orders to the first; the second is 30 meters outside the radius of the demo's restaurant, the third on the island, the
 * fourth 30 meters outside the areas of Two Banks Cantina.
 */
function demoAddresses(city: CityInput): AddressRow[] {
  const edge: Spot = [DEMO_RESTAURANT[0] + 3_030, DEMO_RESTAURANT[1]];
  const island: Spot = [LIGHTHOUSE[0] + 400, LIGHTHOUSE[1]];
  const beyond: Spot = [AREA_EDGE_EAST + 30, 300];
  const rows: [string, string, string, Spot][] = [
    ['Home', '12 Pepper Street', '990001', DEMO_HOME],
    ['Just out of reach', '1 Upper Reservoir Road', '990002', edge],
    ['Lighthouse', '2 Lighthouse Steps', '990009', island],
    ['Just past the areas', '5 Jasmine Terrace', '990002', beyond],
  ];
  return rows.map(([label, line1, postcode, spot], position) => {
    return addressRow(city, { id: [0, position], label, line1, postcode, spot });
  });
}

interface AddressInput {
  id: [customer: number, position: number];
  label: string;
  line1: string;
  postcode: string;
  spot: Spot;
}

function addressRow(city: CityInput, { id, label, line1, postcode, spot }: AddressInput): AddressRow {
  return {
    _id: idFrom(city.seed, 'address', ...id),
    label,
    line1,
    city: 'Saffron Bay',
    postcode,
    location: toGeoJson(pointAt(spot)),
  };
}
