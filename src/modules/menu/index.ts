export type { MenuItem, MenuOption } from './menu-item-snapshot.ts';
export { findMenuItems, getMenuItem } from './menu.service.ts';
export { validateSelection } from './selection.ts';
