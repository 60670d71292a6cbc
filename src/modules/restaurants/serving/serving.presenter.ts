import { money } from '../../../shared/money.ts';
import { toAvailabilityView } from '../restaurants.presenter.ts';
import type { Serviceability, ServingRestaurant } from './serviceability.service.ts';
import type { ServiceabilityBody, SlotsBody } from './serving.schema.ts';
import type { SlotList } from './slots.service.ts';

export function toSlotsView({ timeZone, mode, days }: SlotList): SlotsBody {
  return {
    timeZone,
    mode,
    days: days.map(({ date, reason, slots }) => ({
      date,
      reason,
      slots: slots.map((slot) => ({
        from: slot.from.toISOString(),
        to: slot.to.toISOString(),
        isAvailable: slot.reason === null,
        reason: slot.reason,
      })),
    })),
  };
}

export function toServiceabilityView({ restaurant, ...answer }: Serviceability): ServiceabilityBody {
  return {
    isServiceable: answer.restaurantCount > 0,
    ...answer,
    restaurant: restaurant === null ? null : toServingView(restaurant),
  };
}

function toServingView({ restaurant, terms, distanceMeters, availability }: ServingRestaurant) {
  const inCurrency = (minor: number) => money(minor, restaurant.currency);
  return {
    id: restaurant.id,
    distanceMeters,
    terms: terms === null ? null : toTermsView(terms, inCurrency),
    availability: toAvailabilityView(availability),
  };
}

function toTermsView(
  { areaId, areaName, minimumOrderMinor, feeTable, feeBands }: NonNullable<ServingRestaurant['terms']>,
  inCurrency: (minor: number) => ReturnType<typeof money>,
) {
  const { freeDeliveryOverMinor } = feeTable;
  return {
    area: areaId === null ? null : { id: areaId, name: areaName ?? '' },
    minimumOrder: inCurrency(minimumOrderMinor),
    freeDeliveryOver: freeDeliveryOverMinor === null ? null : inCurrency(freeDeliveryOverMinor),
    fees: feeBands.map(({ fromSubtotalMinor = 0, feeMinor }) => {
      return { fromSubtotal: inCurrency(fromSubtotalMinor), fee: inCurrency(feeMinor) };
    }),
  };
}
