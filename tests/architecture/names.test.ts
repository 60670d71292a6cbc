import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listSources, readSources } from './source-files.ts';

/** architecture.md section 2, and `worker` for thread entries (decision 7). */
const ROLES = [
  'router',
  'controller',
  'schema',
  'service',
  'queries',
  'model',
  'presenter',
  'policy',
  'machine',
  'jobs',
  'processor',
  'socket',
  'events',
  'worker',
];
const NAME = new RegExp(`^[a-z0-9]+(-[a-z0-9]+)*(\\.(${ROLES.join('|')}))?\\.ts$`);
const CATCH_ALL = /^(utils?|helpers?|common|misc|stuff)\b/;
const VAGUE_VERB = /\bexport (?:async )?function ((?:handle|process|manage|do)[A-Z]\w*)/g;

describe('names', () => {
  it('files of src are kebab-case, with a role of the closed vocabulary or none', async () => {
    const files = await listSources('src');
    expect(files.filter((file) => !NAME.test(path.basename(file)))).toEqual([]);
  });

  it('no file or folder is a catch-all', async () => {
    const files = [...(await listSources('src')), ...(await listSources('scripts'))];
    expect(files.filter((file) => file.split('/').some((part) => CATCH_ALL.test(part)))).toEqual([]);
  });

  it('no function says handle, process, manage or do', async () => {
    const sources = await readSources('src');
    const vague = sources.flatMap(({ file, text }) =>
      [...text.matchAll(VAGUE_VERB)].map(([, name]) => `${file}: ${name}`),
    );
    expect(vague).toEqual([]);
  });
});
