import { AppError } from '../../errors/index.ts';
import { now } from '../../shared/clock.ts';
import { fromGeoJson, toGeoJson, type GeoPoint } from '../../shared/geo.ts';
import { newId } from '../../shared/ids.ts';
import { findZoneAt, type ZoneAt } from '../restaurants/index.ts';
import { UserModel, type AddressRow, type UserRow } from './user.model.ts';

/** A place that a customer has food brought to. */
export interface Address {
  id: string;
  label: string;
  line1: string;
  line2?: string;
  city: string;
  postcode?: string;
  location: GeoPoint;
  instructions?: string;
}

/** The zone is looked up at each reading: a new one reaches the addresses that wait for it. */
export interface AddressInZone extends Address {
  /** null: nobody delivers there yet. */
  zone: ZoneAt | null;
}

/** null removes the line. */
type Line = string | null | undefined;

interface NewAddress {
  label: string;
  line1: string;
  line2?: Line;
  city: string;
  postcode?: Line;
  location: GeoPoint;
  instructions?: Line;
}

type AddressChange = { [K in keyof NewAddress]?: NewAddress[K] | undefined };

export const MAX_ADDRESSES = 20;

type WithAddresses = Pick<UserRow, 'addresses'>;

/** In the order in which they were added. */
export async function listAddresses(userId: string): Promise<AddressInZone[]> {
  const row = await UserModel.findById(userId, { addresses: 1 }).lean<WithAddresses>();
  return Promise.all((row?.addresses ?? []).map((address) => inZone(toAddress(address))));
}

/** @throws AppError `not_found`, also for an address of somebody else */
export async function getAddress(userId: string, addressId: string): Promise<Address> {
  const row = await UserModel.findOne(
    { _id: userId, 'addresses._id': addressId },
    { 'addresses.$': 1 },
  ).lean<WithAddresses>();
  return onlyAddress(row?.addresses);
}

/**
 * The size is a condition of the write, so that parallel requests cannot pass it together.
 * @throws AppError `address_book_full`
 */
export async function addAddress(input: NewAddress, userId: string): Promise<AddressInZone> {
  const { label, line1, city, location, line2, postcode, instructions } = input;
  const address: AddressRow = {
    _id: newId(),
    label,
    line1,
    city,
    location: toGeoJson(location),
    ...(typeof line2 === 'string' ? { line2 } : {}),
    ...(typeof postcode === 'string' ? { postcode } : {}),
    ...(typeof instructions === 'string' ? { instructions } : {}),
  };
  const { matchedCount } = await UserModel.collection.updateOne(
    { _id: userId as never, status: 'active', [`addresses.${MAX_ADDRESSES - 1}`]: { $exists: false } },
    { $push: { addresses: address as never }, $set: { updatedAt: now() } },
  );
  if (matchedCount === 0) throw new AppError('address_book_full');
  return inZone(toAddress(address));
}

/** @throws AppError `not_found`, also for an address of somebody else */
export async function updateAddress(change: AddressChange, addressId: string, userId: string): Promise<AddressInZone> {
  const { location, ...lines } = change;
  const fields = Object.entries({ ...lines, location: location === undefined ? undefined : toGeoJson(location) });
  const set = fields.filter(([, value]) => value !== undefined && value !== null);
  const unset = fields.filter(([, value]) => value === null);
  const row = await UserModel.collection.findOneAndUpdate(
    { _id: userId as never, 'addresses._id': addressId },
    {
      $set: { ...toPositional(set), updatedAt: now() },
      ...(unset.length === 0 ? {} : { $unset: toPositional(unset) }),
    },
    { returnDocument: 'after', projection: { addresses: { $elemMatch: { _id: addressId } } } },
  );
  return inZone(onlyAddress((row as WithAddresses | null)?.addresses));
}

async function inZone(address: Address): Promise<AddressInZone> {
  return { ...address, zone: await findZoneAt(address.location) };
}

/** @throws AppError `not_found`, also for an address of somebody else */
export async function deleteAddress(addressId: string, userId: string): Promise<void> {
  const { matchedCount } = await UserModel.collection.updateOne(
    { _id: userId as never, 'addresses._id': addressId },
    { $pull: { addresses: { _id: addressId } as never }, $set: { updatedAt: now() } },
  );
  if (matchedCount === 0) throw new AppError('not_found');
}

function toPositional(fields: [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(fields.map(([field, value]) => [`addresses.$.${field}`, value ?? '']));
}

function onlyAddress(addresses: AddressRow[] | undefined): Address {
  const [address] = addresses ?? [];
  if (address === undefined) throw new AppError('not_found');
  return toAddress(address);
}

function toAddress({ _id: id, location, ...lines }: AddressRow): Address {
  return { id, ...lines, location: fromGeoJson(location) };
}
