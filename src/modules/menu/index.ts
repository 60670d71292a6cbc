export type { MenuItem, MenuOption, MenuSize } from './menu-item-snapshot.ts';
export { getMenuStand, moveMenu } from './menu-of-restaurant.service.ts';
export { findMenuItems, getMenuItem } from './menu.service.ts';
export { unitPriceOf, validateSelection } from './selection.ts';
