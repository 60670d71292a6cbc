import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { differingKeys, renderEnvExample } from '../../scripts/architecture/env-example.ts';
import { envSchema } from '../../src/config/env.schema.ts';

const schema = z.object({
  PORT: z.coerce.number().default(5000).meta({ area: 'Process', description: 'Where it listens.' }),
  SMTP_URL: z.string().meta({ area: 'Mail', description: 'The mail server.' }),
});

describe('.env.example', () => {
  it('is what the schema renders', async () => {
    expect(await readFile('.env.example', 'utf8')).toBe(renderEnvExample(envSchema));
  });

  it('describes and places every key', () => {
    const undescribed = Object.entries(envSchema.shape).flatMap(([key, field]) => {
      const { description, area } = field.meta() ?? {};
      return description !== undefined && area !== undefined ? [] : [key];
    });
    expect(undescribed).toEqual([]);
  });

  it('shows defaults, and nothing where there is none', () => {
    const text = renderEnvExample(schema);
    expect(text).toContain('\n\n# ---- Process ----\n# Where it listens.\nPORT=5000\n');
    expect(text).toContain('\n\n# ---- Mail ----\n# The mail server.\nSMTP_URL=\n');
  });

  it.each([
    ['a key is missing', (text: string) => text.replace(/^PORT=.*$/m, '')],
    ['a key has another value', (text: string) => text.replace('5000', '5001')],
    ['a description was changed', (text: string) => text.replace('Where it listens.', 'Something else.')],
  ])('names the key when %s', (_, change) => {
    const text = renderEnvExample(schema);
    expect(differingKeys(change(text), text)).toEqual(['PORT']);
  });

  it('names a key the schema does not know', () => {
    const text = renderEnvExample(schema);
    expect(differingKeys(`${text}OLD=1\n`, text)).toEqual(['OLD']);
  });
});
