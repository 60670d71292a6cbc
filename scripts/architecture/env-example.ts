import { z } from 'zod';

const HEADER = `# Copy to .env and change what you need; every key is optional in development.
# Generated from src/config/env.schema.ts by \`npm run env:write\`; \`npm run check\` compares them.
`;

/** The text of `.env.example`: the keys with their defaults in the order of the schema, under the headings of their areas. */
export function renderEnvExample(schema: z.ZodObject): string {
  let area: unknown;
  const blocks = Object.entries(schema.shape as Record<string, z.ZodType>).map(([key, field]) => {
    const meta = field.meta() ?? {};
    const heading = meta['area'] === area ? '' : `\n# ---- ${String(meta['area'])} ----\n`;
    area = meta['area'];
    return `${heading}# ${meta.description ?? ''}\n${key}=${defaultOf(field)}\n`;
  });
  return HEADER + blocks.join('');
}

/** Keys that stand in only one of two such texts, or stand there with another value or description. */
export function differingKeys(actual: string, expected: string): string[] {
  const [left, right] = [linesByKey(actual), linesByKey(expected)];
  const keys = new Set([...right.keys(), ...left.keys()]);
  return [...keys].filter((key) => left.get(key) !== right.get(key));
}

function defaultOf(field: z.ZodType): string {
  const parsed = field.safeParse(undefined);
  return parsed.success ? z.coerce.string().parse(parsed.data ?? '') : '';
}

/** key -> its value and the comment above it */
function linesByKey(text: string): Map<string, string> {
  const found = text.matchAll(/(?:^# (?<comment>.*)\n)?^(?<key>[A-Z0-9_]+)=(?<value>.*)$/gm);
  return new Map(
    [...found].map(({ groups = {} }) => [groups['key'] ?? '', `${groups['value'] ?? ''} ${groups['comment'] ?? ''}`]),
  );
}
