import { dateFrom } from '../../shared/clock.ts';
import { itemAvailabilityOf } from '../restaurants/index.ts';
import type { MenuItem, MenuMoment } from './menu-item-snapshot.ts';

/** The next instant at which one of these can be had again, or no longer, by the clock alone; null: not in sight. */
export function nextMenuTurn(items: readonly MenuItem[], moment: MenuMoment): Date | null {
  const atMs = moment.at.getTime();
  const ahead = items
    .flatMap((item) => turnsOf(item, moment))
    .flatMap((time) => (time === null || time.getTime() <= atMs ? [] : time.getTime()));
  return ahead.length === 0 ? null : dateFrom(Math.min(...ahead));
}

function turnsOf(item: MenuItem, moment: MenuMoment): (Date | null)[] {
  const { mealtimes } = item;
  const served = itemAvailabilityOf({ isAvailable: true, soldOutUntil: null, mealtimes }, moment);
  return [
    ...[item.soldOutUntil, item.nextAvailableAt, served.availableUntil, served.nextAvailableAt],
    ...item.sizes.map(({ soldOutUntil }) => soldOutUntil),
    ...item.optionGroups.flatMap(turnsOfGroup),
  ];
}

function turnsOfGroup({ options }: MenuItem['optionGroups'][number]): (Date | null)[] {
  return options.flatMap(({ soldOutUntil, groups = [] }) => [soldOutUntil, ...groups.flatMap(turnsOfGroup)]);
}
