import { AppError, isAppError, isDuplicateKey } from '../../../errors/index.ts';
import { recordAudit } from '../../../infra/audit/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now } from '../../../shared/clock.ts';
import { slugOf } from '../../../shared/slug.ts';
import { ensureMenu, getMenuStand, holdMenu, indexMenu } from '../../menu/index.ts';
import {
  canChangeStatus,
  changeRestaurant,
  findOfficeCommand,
  getRestaurant,
  isSlugTaken,
  statusAfter,
  statusEventOf,
  toRestaurantSnapshot,
  type OfficeCommand,
  type OwnerCommand,
  type RestaurantSnapshot,
  type RestaurantStatus,
  type StatusCommand,
} from '../../restaurants/index.ts';
import { assertWorksAt } from '../../staff/index.ts';
import { asNameTaken, followBranch } from '../brands/public-name.service.ts';
import { RESTAURANT_DECIDED } from '../console.events.ts';
import { missingParts } from './completeness.ts';
import { assertRoomForDraft, asTwin } from './draft-limits.service.ts';

/** @throws AppError `restaurant_incomplete`, `invalid_transition`; `not_found`, `forbidden` */
export function submitRestaurant(restaurantId: string, actor: Actor): Promise<RestaurantSnapshot> {
  return commandByOwner('submit', restaurantId, actor);
}

/** @throws AppError `invalid_transition`; `not_found`, `forbidden` */
export function withdrawRestaurant(restaurantId: string, actor: Actor): Promise<RestaurantSnapshot> {
  return commandByOwner('withdraw', restaurantId, actor);
}

/** Open orders go on; `availabilityOf` refuses new ones. @throws AppError `invalid_transition`; `not_found`, `forbidden` */
export function closeRestaurant(restaurantId: string, actor: Actor): Promise<RestaurantSnapshot> {
  return commandByOwner('close', restaurantId, actor);
}

/** @throws AppError `already_exists` (a draft of that name and place), `list_full`, `invalid_transition`; `not_found`, `forbidden` */
export function reopenRestaurant(restaurantId: string, actor: Actor): Promise<RestaurantSnapshot> {
  return commandByOwner('reopen', restaurantId, actor);
}

interface Decision {
  restaurantId: string;
  expectedVersion: number;
  status: RestaurantStatus;
  /** There for all but `live`. */
  reason?: string | undefined;
}

/**
 * The office decides about the version that it has seen. What already is as wished stays as it is.
 * @throws AppError `not_found`, `version_conflict`, `invalid_transition`, `restaurant_incomplete`, `already_exists` (its brand's name)
 */
export async function setRestaurantStatus(decision: Decision): Promise<RestaurantSnapshot> {
  const { restaurantId, expectedVersion, status, reason } = decision;
  const restaurant = await getRestaurant(restaurantId);
  if (restaurant.version !== expectedVersion) {
    throw new AppError('version_conflict', { details: { currentVersion: restaurant.version } });
  }
  if (restaurant.status === status) return restaurant;
  const command = findOfficeCommand(restaurant.status, status);
  if (command === null) throw new AppError('invalid_transition', { details: { status: restaurant.status } });
  await ensureMenu(restaurantId);
  const change = { restaurantId, expectedVersion, command, reason: reason ?? null };
  try {
    return await decide(change);
  } catch (error) {
    // Another approval took the plain address a moment earlier: now it is seen.
    if (isDuplicateKey(error, 'slug')) return decide(change);
    throw asNameTaken(error, 'brandId');
  }
}

function decide(change: StatusChange & { command: OfficeCommand }): Promise<RestaurantSnapshot> {
  const { restaurantId, command: decision } = change;
  return withTransaction(async (tx) => {
    const after = await changeStatus(tx, change);
    await appendOutbox(tx, [
      { event: RESTAURANT_DECIDED, payload: { restaurantId, version: after.version, decision } },
    ]);
    return after;
  });
}

/**
 * Where the command has been carried out already, nothing is left to do. Only a draft does not tell whether anything was withdrawn
 * or opened again.
 */
async function commandByOwner(
  command: OwnerCommand,
  restaurantId: string,
  { userId }: Actor,
): Promise<RestaurantSnapshot> {
  await assertWorksAt(restaurantId, userId, 'restaurant.submit');
  const restaurant = await getRestaurant(restaurantId);
  if (restaurant.status === statusAfter(command) && restaurant.status !== 'draft') return restaurant;
  await ensureMenu(restaurantId);
  try {
    return await withTransaction(async (tx) => {
      if (command === 'reopen') await assertRoomForDraft(tx, userId);
      return changeStatus(tx, { restaurantId, command, reason: null });
    });
  } catch (error) {
    if (!isAppError(error, 'invalid_transition')) throw asTwin(error);
    // Perhaps the same command, a moment earlier.
    const current = await getRestaurant(restaurantId);
    if (current.status !== restaurant.status && current.status === statusAfter(command)) return current;
    throw error;
  }
}

interface StatusChange {
  restaurantId: string;
  expectedVersion?: number;
  command: OfficeCommand | OwnerCommand;
  reason: string | null;
}

async function changeStatus(
  tx: Tx,
  { restaurantId, command, reason, ...target }: StatusChange,
): Promise<RestaurantSnapshot> {
  // No dish comes or goes, or is renamed, meanwhile.
  await holdMenu(tx, restaurantId);
  const menu = needsAll(command) ? await getMenuStand(restaurantId, tx) : null;
  const address = command === 'approve' ? await plainAddressOf(tx, restaurantId) : {};
  const { before, after } = await changeRestaurant(tx, { restaurantId, ...target }, (row) => {
    if (!canChangeStatus(row.status, command)) {
      throw new AppError('invalid_transition', { details: { status: row.status } });
    }
    const missing = menu === null ? [] : missingParts(row, menu);
    if (missing.length > 0) throw new AppError('restaurant_incomplete', { details: missing });
    return { status: statusAfter(command), statusReason: reason, ...stampsOf(command, row.liveAt), ...address };
  });
  await followBranch(tx, before, after);
  if ((before.status === 'live') !== (after.status === 'live')) await indexMenu(tx, restaurantId, after.status);
  await recordAudit(tx, {
    ...{ event: statusEventOf(command), subjectId: restaurantId, ...(reason === null ? {} : { reason }) },
    ...{ before: { status: before.status }, after: { status: after.status, version: after.version } },
  });
  return toRestaurantSnapshot(after);
}

/** With the first approval, if nobody has it: what is only prepared takes it from nobody, and what was public once keeps its own. */
async function plainAddressOf(tx: Tx, restaurantId: string): Promise<{ slug?: string }> {
  const { name, liveAt } = await getRestaurant(restaurantId, tx);
  const slug = slugOf(name, 'restaurant');
  return liveAt !== null || (await isSlugTaken(slug, tx)) ? {} : { slug };
}

/** Between the two it may have been edited. */
function needsAll(command: StatusCommand): boolean {
  return command === 'submit' || command === 'approve';
}

function stampsOf(command: StatusCommand, liveAt: Date | null) {
  if (command === 'submit') return { submittedAt: now() };
  return command === 'approve' ? { liveAt: liveAt ?? now() } : {};
}
