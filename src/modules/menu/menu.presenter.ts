import { money } from '../../shared/money.ts';
import { pictureUrl } from '../../shared/picture.ts';
import type { MenuItem, MenuOption, MenuSize } from './menu-item-snapshot.ts';
import type { MenuBody, MenuItemBody, MenuOptionGroupBody, NestedMenuOptionGroupBody } from './menu.schema.ts';
import type { Menu } from './menu.service.ts';
import type { SelectableGroup } from './selection.ts';

export function toMenuView({ restaurantId, currency, categories }: Menu): MenuBody {
  return {
    restaurantId,
    currency,
    categories: categories.map(({ id, name, mealtimes, items }) => {
      return { id, name, mealtimes, items: items.map(toMenuItemView) };
    }),
  };
}

function toMenuItemView(item: MenuItem): MenuItemBody {
  const { id, name, description, priceMinor, currency, taxCategory, allergens, diets, picture, isAvailable } = item;
  return {
    ...{ id, name, description, taxCategory, allergens, diets, isAvailable, picture },
    price: money(priceMinor, currency),
    imageUrl: pictureUrl(picture),
    clipUrl: item.clipUrl,
    reason: item.reason,
    nextAvailableAt: item.nextAvailableAt?.toISOString() ?? null,
    soldOutUntil: item.soldOutUntil?.toISOString() ?? null,
    mealtimes: item.mealtimes,
    sizes: item.sizes.map((size) => toOrderableView(size, currency)),
    optionGroups: item.optionGroups.map((group) => toOptionGroupView(group, currency)),
  };
}

export function toOptionGroupView(group: SelectableGroup<MenuOption>, currency: string): MenuOptionGroupBody {
  const options = group.options.map((option) => ({
    ...toOrderableView(option, currency),
    groups: (option.groups ?? []).map((nested) => toNestedGroupView(nested, currency)),
  }));
  return { ...toGroupFields(group), options };
}

/** The second level is the last one. */
function toNestedGroupView(group: SelectableGroup<MenuOption>, currency: string): NestedMenuOptionGroupBody {
  return { ...toGroupFields(group), options: group.options.map((option) => toOrderableView(option, currency)) };
}

function toGroupFields({ id, name, minSelect, maxSelect }: SelectableGroup<MenuOption>) {
  return { id, name, isRequired: minSelect > 0, minSelect, maxSelect };
}

export function toOrderableView(row: Omit<MenuSize, 'groups'>, currency: string) {
  const { id, name, priceMinor, isAvailable, soldOutUntil } = row;
  const until = soldOutUntil?.toISOString() ?? null;
  return { id, name, price: money(priceMinor, currency), isAvailable, soldOutUntil: until };
}
