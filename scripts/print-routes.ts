/** Prints every route of the API with its auth, rate limit and owner. Usage: npm run routes */
import { routeTable, type RouteEntry } from './architecture/route-table.ts';
import { moduleRouters, rawBodyModules } from '../src/routes.ts';

const HEADINGS = ['METHOD', 'PATH', 'AUTH', 'RATE LIMIT', 'IDEMPOTENCY KEY', 'OWNER'];

const rows = [HEADINGS, ...routeTable([...rawBodyModules, ...moduleRouters]).map(columns)];
const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
for (const row of rows) {
  console.log(
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function columns({ method, path, auth, rateLimit, idempotency, owner }: RouteEntry): string[] {
  const who = auth ?? 'NONE';
  return [method.toUpperCase(), path, who, rateLimit ?? '-', idempotency === null ? '-' : 'required', owner];
}
