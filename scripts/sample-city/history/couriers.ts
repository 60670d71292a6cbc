import type { CourierRecord } from '../../../src/modules/deliveries/courier.model.ts';
import { fromGeoJson, greatCircleMeters, type GeoPoint } from '../../../src/shared/geo.ts';
import type { Random } from '../random.ts';

const REACH_METERS = 8_000;
const ASKED = 6;

/** Who is free when, over the history: a courier carries one order at a time. */
export class Fleet {
  private readonly couriers: readonly CourierRecord[];
  private readonly busyUntilMs = new Map<string, number>();

  constructor(couriers: readonly CourierRecord[]) {
    this.couriers = couriers;
  }

  /** Free couriers in reach, the nearest first; a few of those there are. */
  near(point: GeoPoint, at: Date, random: Random): { courier: CourierRecord; distanceMeters: number }[] {
    const found: { courier: CourierRecord; distanceMeters: number }[] = [];
    const start = random.whole(0, Math.max(0, this.couriers.length - 1));
    for (let step = 0; step < this.couriers.length && found.length < ASKED; step += 1) {
      const courier = this.couriers[(start + step) % this.couriers.length];
      if (courier?.location == null || (this.busyUntilMs.get(courier._id) ?? 0) > at.getTime()) continue;
      const distanceMeters = greatCircleMeters(fromGeoJson(courier.location), point);
      if (distanceMeters <= REACH_METERS) found.push({ courier, distanceMeters });
    }
    return found.sort((a, b) => a.distanceMeters - b.distanceMeters);
  }

  occupy(courierId: string, until: Date): void {
    this.busyUntilMs.set(courierId, until.getTime());
  }
}
