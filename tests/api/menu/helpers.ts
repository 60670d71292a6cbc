import type { TestApp } from '../../support/app.ts';
import type { Login } from '../../support/log-in.ts';
import { staffScene, type StaffScene } from '../staff/helpers.ts';

type Body = Record<string, unknown>;

export interface MenuScene extends StaffScene {
  categoryId: string;
}

export const inr = (amount: number) => ({ amount, currency: 'INR' });

/** A restaurant whose menu has one category, made through the API. */
export async function menuScene(app: TestApp): Promise<MenuScene> {
  const scene = await staffScene();
  const path = `/api/v1/restaurants/${scene.restaurantId}/categories`;
  const res = await app.request.post(path).set(scene.owner.headers).send({ name: 'Mains' }).expect(201);
  return { ...scene, categoryId: (res.body as { id: string }).id };
}

/** A dosa unless it says otherwise. */
export async function addItem(app: TestApp, scene: MenuScene, changes: Body = {}): Promise<ItemBody> {
  const body = { categoryId: scene.categoryId, name: 'Dosa', price: inr(18_000), taxCategory: 'food', ...changes };
  const path = `/api/v1/restaurants/${scene.restaurantId}/items`;
  return (await app.request.post(path).set(scene.owner.headers).send(body).expect(201)).body as ItemBody;
}

export interface ItemBody {
  id: string;
  version: number;
  categoryId: string;
  rank: number;
  stock: number | null;
  sizes: { id: string; name: string }[];
  optionGroups: {
    id: string;
    options: { id: string; name: string; groups: { id: string; options: { id: string }[] }[] }[];
  }[];
}

/** `If-Match` with the token. */
export function matching({ headers }: Login, version: number): Record<string, string> {
  return { ...headers, 'If-Match': `"${version}"` };
}

export function nth<T>(list: readonly T[], index = 0): T {
  const entry = list[index];
  if (entry === undefined) throw new Error(`there is no entry ${index}`);
  return entry;
}
