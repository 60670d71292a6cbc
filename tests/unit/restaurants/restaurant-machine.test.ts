import { describe, expect, it } from 'vitest';
import {
  canChangeStatus,
  findOfficeCommand,
  RESTAURANT_STATUSES,
  statusAfter,
  statusEventOf,
  type StatusCommand,
} from '../../../src/modules/restaurants/restaurant.machine.ts';
import { SECURITY_EVENTS } from '../../../src/shared/security-events.ts';

const ALLOWED: Record<StatusCommand, readonly [from: readonly string[], to: string]> = {
  submit: [['draft'], 'in_review'],
  withdraw: [['in_review'], 'draft'],
  close: [['draft', 'in_review', 'live'], 'archived'],
  reopen: [['archived'], 'draft'],
  approve: [['in_review'], 'live'],
  refuse: [['in_review'], 'draft'],
  suspend: [['live'], 'suspended'],
  reinstate: [['suspended'], 'live'],
  archive: [['draft', 'in_review', 'live', 'suspended'], 'archived'],
};
const COMMANDS = Object.keys(ALLOWED) as StatusCommand[];
const OFFICE: Record<string, StatusCommand> = {
  'in_review live': 'approve',
  'in_review draft': 'refuse',
  'live suspended': 'suspend',
  'suspended live': 'reinstate',
  'draft archived': 'archive',
  'in_review archived': 'archive',
  'live archived': 'archive',
  'suspended archived': 'archive',
};
const pairs = RESTAURANT_STATUSES.flatMap((from) => RESTAURANT_STATUSES.map((to) => [from, to] as const));

describe('the status of a restaurant', () => {
  it.each(COMMANDS.flatMap((command) => RESTAURANT_STATUSES.map((status) => [command, status] as const)))(
    '%s of one that is %s is allowed as the table says',
    (command, status) => {
      expect(canChangeStatus(status, command)).toBe(ALLOWED[command][0].includes(status));
      expect(statusAfter(command)).toBe(ALLOWED[command][1]);
    },
  );

  it.each(pairs)('from %s the office gets it to %s by the one command of its that leads there, if any', (from, to) => {
    expect(findOfficeCommand(from, to)).toBe(OFFICE[`${from} ${to}`] ?? null);
  });

  it('of a suspended one is for the office alone to change', () => {
    const owners: StatusCommand[] = ['submit', 'withdraw', 'close', 'reopen'];
    expect(owners.filter((command) => canChangeStatus('suspended', command))).toEqual([]);
  });

  it('is audited under a name of its own by each command', () => {
    const events = COMMANDS.map(statusEventOf);
    expect(new Set(events).size).toBe(COMMANDS.length);
    expect(SECURITY_EVENTS).toEqual(expect.arrayContaining(events));
  });
});
