export { countSoldOut } from './sold-out.queries.ts';
export { showItemClip, showItemPicture } from './pictures/item-pictures.service.ts';
export type { MenuItem, MenuOption, MenuSize } from './menu-item-snapshot.ts';
export { getMenuStand, moveMenu } from './menu-of-restaurant.service.ts';
export { findMenuItems, getMenuItem } from './menu.service.ts';
export { unitPriceOf, validateSelection } from './selection.ts';
export { claimStock, returnStock } from './stock/stock.service.ts';
export { MENU_IMPORT_REQUESTED } from './menu.events.ts';
export { menuQueue } from './menu.jobs.ts';
