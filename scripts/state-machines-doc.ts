/** Writes docs/state-machines.md. Usage: npm run state-machines */
import { writeFile } from 'node:fs/promises';
import { renderStateMachines, STATE_MACHINES_FILE } from './contract/state-machines-document.ts';

await writeFile(STATE_MACHINES_FILE, await renderStateMachines());
