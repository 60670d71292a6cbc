export type { MenuItem, MenuOption } from './menu-item-snapshot.ts';
export { findMenuItems, getMenu, getMenuItem, type Menu } from './menu.service.ts';
export { validateSelection } from './selection.ts';
