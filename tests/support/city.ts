import { afterAll, beforeAll } from 'vitest';
import { DEMO_EMAILS, DEMO_POINT, seedCity } from '../../scripts/sample-city/index.ts';
import { Player } from '../../scripts/demo/player.ts';
import { connectMongo, disconnectMongo, syncIndexes } from '../../src/infra/mongo/index.ts';
import { CourierModel } from '../../src/modules/deliveries/courier.model.ts';
import { MenuItemModel } from '../../src/modules/menu/menu-item.model.ts';
import { RestaurantModel } from '../../src/modules/restaurants/restaurant.model.ts';
import { UserModel, type UserRow } from '../../src/modules/users/user.model.ts';
import { logInAs, openLogin } from './log-in.ts';

/** Client of one person: the demo's, with a token from the real signer instead of a log-in. */
export interface Person {
  userId: string;
  accessToken: string;
  /** One client per base; they share the token. */
  at(base: string): Player;
}

export interface Restaurant {
  restaurantId: string;
  owner: Person;
  /** Needs no options; three of it are above the minimum. */
  itemId: string;
}

export const DOOR = { label: 'Home', line1: '12 Pepper Street', city: 'Saffron Bay', location: DEMO_POINT };

/** The test file's own view of the database, and Saffron Bay in it. Couriers are offline until a test wants them. */
export function useCity(): void {
  beforeAll(async () => {
    await connectMongo();
    await syncIndexes({ replacesChanged: true });
    await seedCity({ profile: 'tiny' });
    await CourierModel.collection.updateMany({}, { $set: { isOnline: false } });
  });
  afterAll(disconnectMongo);
}

/** The Saffron Table never closes. */
export async function saffronTable(): Promise<Restaurant> {
  const owner = await UserModel.findOne({ email: DEMO_EMAILS.restaurant }).lean<UserRow>();
  const restaurant = await RestaurantModel.findOne({ name: 'The Saffron Table' }).lean();
  if (owner === null || restaurant === null) throw new Error('the city is not seeded');
  const items = await MenuItemModel.find({ restaurantId: restaurant._id, isAvailable: true }).lean();
  const plain = items.find(
    ({ priceMinor, optionGroups }) =>
      priceMinor * 3 >= restaurant.minimumOrderMinor && optionGroups.every(({ minSelect }) => minSelect === 0),
  );
  if (plain === undefined) throw new Error('no plain dish');
  return { restaurantId: restaurant._id, owner: toPerson(await openLogin(owner)), itemId: plain._id };
}

/** A new person with this role. */
export async function newPerson(changes: Partial<UserRow> = {}): Promise<Person> {
  return toPerson(await logInAs(changes));
}

function toPerson({ userId, accessToken }: { userId: string; accessToken: string }): Person {
  return {
    userId,
    accessToken,
    at(base) {
      const player = new Player(userId, base);
      player.useToken(accessToken);
      return player;
    },
  };
}
