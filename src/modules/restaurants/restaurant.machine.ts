/** What may become of a restaurant's status, by whose command, as a table. Pure. */
import type { SecurityEvent } from '../../shared/security-events.ts';

export const RESTAURANT_STATUSES = ['draft', 'in_review', 'live', 'suspended', 'archived'] as const;
export type RestaurantStatus = (typeof RESTAURANT_STATUSES)[number];

interface StatusChange {
  from: readonly RestaurantStatus[];
  to: RestaurantStatus;
  by: 'owner' | 'office';
  /** As which the audit knows it. */
  event: SecurityEvent;
}

export const CHANGES = {
  submit: { from: ['draft'], to: 'in_review', by: 'owner', event: 'restaurant.submitted' },
  withdraw: { from: ['in_review'], to: 'draft', by: 'owner', event: 'restaurant.withdrawn' },
  // Not from `suspended`: by closing and opening again nobody gets rid of that.
  close: { from: ['draft', 'in_review', 'live'], to: 'archived', by: 'owner', event: 'restaurant.closed' },
  reopen: { from: ['archived'], to: 'draft', by: 'owner', event: 'restaurant.reopened' },
  approve: { from: ['in_review'], to: 'live', by: 'office', event: 'restaurant.approved' },
  refuse: { from: ['in_review'], to: 'draft', by: 'office', event: 'restaurant.refused' },
  suspend: { from: ['live'], to: 'suspended', by: 'office', event: 'restaurant.suspended' },
  reinstate: { from: ['suspended'], to: 'live', by: 'office', event: 'restaurant.reinstated' },
  archive: {
    from: ['draft', 'in_review', 'live', 'suspended'],
    to: 'archived',
    by: 'office',
    event: 'restaurant.archived',
  },
} as const satisfies Record<string, StatusChange>;

export type StatusCommand = keyof typeof CHANGES;
type CommandOf<By extends StatusChange['by']> = {
  [C in StatusCommand]: (typeof CHANGES)[C]['by'] extends By ? C : never;
}[StatusCommand];
export type OwnerCommand = CommandOf<'owner'>;
export type OfficeCommand = CommandOf<'office'>;

export function statusAfter(command: StatusCommand): RestaurantStatus {
  return CHANGES[command].to;
}

export function statusEventOf(command: StatusCommand): SecurityEvent {
  return CHANGES[command].event;
}

export function canChangeStatus(status: RestaurantStatus, command: StatusCommand): boolean {
  return (CHANGES[command].from as readonly RestaurantStatus[]).includes(status);
}

/** The office names the status it wants; null where no command of its leads there. */
export function findOfficeCommand(from: RestaurantStatus, to: RestaurantStatus): OfficeCommand | null {
  const names = Object.keys(CHANGES) as StatusCommand[];
  const leading = names.filter((name) => CHANGES[name].by === 'office' && CHANGES[name].to === to);
  return (leading.find((name) => canChangeStatus(from, name)) as OfficeCommand | undefined) ?? null;
}
