import { addMs } from '../../shared/clock.ts';
import { HANDOVER_MS, travelMs } from '../../shared/travel.ts';
import { TERMINAL_STATUSES } from './order.machine.ts';
import type { OrderRecord } from './order.model.ts';

/**
 * When it is expected as things stand: what was promised until the kitchen says when it cooks; then from the kitchen's word on. The
 * promise itself never moves. Null once it is over. Where the courier is makes a finer one: `GET /orders/{orderId}/tracking`.
 */
export function etaOf(order: Pick<OrderRecord, 'status' | 'readyEta' | 'promisedAt' | 'mode' | 'distanceMeters'>) {
  const { status, readyEta, promisedAt, mode, distanceMeters } = order;
  if (TERMINAL_STATUSES.includes(status)) return null;
  if (readyEta === null) return promisedAt;
  return mode === 'collection' ? readyEta : addMs(readyEta, travelMs(distanceMeters) + HANDOVER_MS);
}
