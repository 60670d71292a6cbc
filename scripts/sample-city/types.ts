import type { BrandRow } from '../../src/modules/console/brands/brand.model.ts';
import type { CourierRecord } from '../../src/modules/deliveries/courier.model.ts';
import type { MenuCategoryRow } from '../../src/modules/menu/menu-category.model.ts';
import type { MenuItemRow } from '../../src/modules/menu/menu-item.model.ts';
import type { CouponRow } from '../../src/modules/promotions/coupon.model.ts';
import type { RestaurantRow } from '../../src/modules/restaurants/restaurant.model.ts';
import type { ZoneRow } from '../../src/modules/restaurants/zone.model.ts';
import type { UserRow } from '../../src/modules/users/user.model.ts';

export interface CityInput {
  seed: string;
  now: Date;
  /** Where the tiles of the dishes are delivered; null: rows have no pictures. */
  tileBase: string | null;
}

/** Plain rows, ready for `insertMany`. */
export interface City {
  users: UserRow[];
  zones: ZoneRow[];
  brands: BrandRow[];
  restaurants: RestaurantRow[];
  menuCategories: MenuCategoryRow[];
  menuItems: MenuItemRow[];
  couriers: CourierRecord[];
  coupons: CouponRow[];
}
