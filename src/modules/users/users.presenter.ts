import { pictureUrl } from '../../shared/picture.ts';
import type { Favourite } from './favourites.service.ts';
import type { FavouriteBody } from './favourites.schema.ts';
import type { Profile } from './profile.service.ts';
import type { PushDeviceBody } from './push-devices.schema.ts';
import type { PushDevice } from './push-devices.service.ts';
import type { MeBody } from './users.schema.ts';

export function toMeView({ user, language }: Profile): MeBody {
  const { id, email, name, phone, roles, hasPassword, hasSecondFactor, picture } = user;
  return {
    ...{ id, email, name, phone, roles, language, hasPassword, hasSecondFactor },
    ...{ picture, imageUrl: pictureUrl(picture) },
    emailVerified: user.emailVerifiedAt !== null,
    phoneVerified: user.phoneVerifiedAt !== null,
    createdAt: user.createdAt.toISOString(),
  };
}

export function toPushDeviceView({ id, platform, name, registeredAt }: PushDevice): PushDeviceBody {
  return { id, platform, name, registeredAt: registeredAt.toISOString() };
}

export function toFavouriteView({ restaurant, isOpen, addedAt }: Favourite): FavouriteBody {
  const { id, name, slug, cuisines, picture, rating, status } = restaurant;
  return {
    restaurant: {
      ...{ id, name, slug, cuisines, imageUrl: pictureUrl(picture) },
      rating: { average: rating.average, count: rating.count },
      isLive: status === 'live',
      isOpen,
    },
    addedAt: addedAt.toISOString(),
  };
}
