/** Outbox payload: `{ importId }`. */
export const MENU_IMPORT_REQUESTED = 'menu.import_requested';
