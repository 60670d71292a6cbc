import { AppError } from '../../errors/index.ts';
import type { MenuCategoryRow } from './menu-category.model.ts';

/** Two names that a reader takes for one: `Soups`, `soups`. */
export function foldedName(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** For an edit that holds the menu: nobody adds another one meanwhile. @throws AppError `already_exists` */
export function assertNewName(rows: readonly Pick<MenuCategoryRow, '_id' | 'name'>[], name: string, ownId = ''): void {
  const folded = foldedName(name);
  if (!rows.some((row) => row._id !== ownId && foldedName(row.name) === folded)) return;
  const message = 'The menu has a category of this name already.';
  throw new AppError('already_exists', { details: [{ path: 'name', code: 'not_unique', message }] });
}
