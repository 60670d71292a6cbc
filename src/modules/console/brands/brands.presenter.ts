import { pictureUrl } from '../../../shared/picture.ts';
import type { Branch } from './branches.queries.ts';
import type { BrandRow } from './brand.model.ts';
import type { BranchView, BrandView, OwnBrandView } from './brands.schema.ts';

export function toBrandView({ _id: id, name, slug, description }: BrandRow): BrandView {
  return { id, name, slug, description };
}

export function toOwnBrandView(row: BrandRow): OwnBrandView {
  return { ...toBrandView(row), version: row.version, createdAt: row.createdAt.toISOString() };
}

export function toBranchView({ restaurant, availability }: Branch): BranchView {
  const { id, name, slug, addressLine, location, cuisines, diets, rating, picture } = restaurant;
  const { isOpen, nextOpenAt, openUntil } = availability;
  return {
    ...{ id, name, slug, addressLine, location, cuisines, diets },
    rating: { average: rating.average, count: rating.count },
    imageUrl: pictureUrl(picture),
    picture,
    isOpen,
    nextOpenAt: nextOpenAt?.toISOString() ?? null,
    openUntil: openUntil?.toISOString() ?? null,
  };
}
