import { money } from '../../shared/money.ts';
import { pictureUrl } from '../../shared/picture.ts';
import type { MenuItem, MenuOption } from './menu-item-snapshot.ts';
import type { MenuBody, MenuItemBody } from './menu.schema.ts';
import type { Menu } from './menu.service.ts';
import type { SelectableGroup } from './selection.ts';

export function toMenuView({ restaurantId, currency, categories }: Menu): MenuBody {
  return {
    restaurantId,
    currency,
    categories: categories.map(({ id, name, items }) => ({ id, name, items: items.map(toMenuItemView) })),
  };
}

function toMenuItemView(item: MenuItem): MenuItemBody {
  const { id, name, description, priceMinor, currency, taxCategory, allergens, diets, picture, isAvailable } = item;
  return {
    id,
    name,
    description,
    price: money(priceMinor, currency),
    taxCategory,
    allergens,
    diets,
    imageUrl: pictureUrl(picture),
    isAvailable,
    soldOutUntil: item.soldOutUntil?.toISOString() ?? null,
    optionGroups: item.optionGroups.map((group) => toOptionGroupView(group, currency)),
  };
}

function toOptionGroupView(group: SelectableGroup<MenuOption>, currency: string) {
  const { id, name, minSelect, maxSelect, options } = group;
  return {
    id,
    name,
    isRequired: minSelect > 0,
    minSelect,
    maxSelect,
    options: options.map((option) => ({
      id: option.id,
      name: option.name,
      price: money(option.priceMinor, currency),
      isAvailable: option.isAvailable,
      soldOutUntil: option.soldOutUntil?.toISOString() ?? null,
    })),
  };
}
