import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { renderStateMachines, STATE_MACHINES_FILE } from '../../scripts/contract/state-machines-document.ts';

describe('docs/state-machines.md', () => {
  it('is what the tables of the code say (else: npm run generate)', async () => {
    expect(await readFile(STATE_MACHINES_FILE, 'utf8')).toBe(await renderStateMachines());
  });
});
