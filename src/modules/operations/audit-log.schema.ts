import { z } from 'zod';
import { defineRoute, idSchema, pageQuery, pageSchema, timeSchema } from '../../http/index.ts';
import { SECURITY_EVENTS } from '../../shared/security-events.ts';

const values = z
  .record(z.string(), z.unknown())
  .nullable()
  .meta({ description: 'Plain values by name, never a secret; null where nothing changed.' });

const auditRowSchema = z
  .strictObject({
    id: idSchema,
    event: z.enum(SECURITY_EVENTS),
    at: timeSchema,
    count: z.int().meta({ description: 'How often, where the same refusal came again within a second.' }),
    actorId: z.string().nullable().meta({ description: 'Who did it; null where nobody is known.' }),
    actorRole: z.string().nullable(),
    subjectId: z.string().nullable().meta({ description: 'What it was done to.' }),
    address: z.string().nullable().meta({ description: 'From where.' }),
    requestId: z.string().nullable(),
    reason: z.string().nullable(),
    before: values,
    after: values,
  })
  .meta({
    id: 'AuditRow',
    examples: [
      {
        ...{ id: '65f0c0ffee0000000000a0d1', event: 'user.suspended', at: '2026-11-20T12:30:00.000Z', count: 1 },
        ...{ actorId: '65f0c0ffee0000000000ad31', actorRole: 'admin', subjectId: '65f0c0ffee0000000000c057' },
        ...{ address: '198.51.100.7', requestId: '0b6f3c1f-2a10-4a77-9d2b-6f1c2f7e5f0e', reason: 'stolen cards' },
        ...{ before: { status: 'active' }, after: { status: 'suspended' } },
      },
    ],
  });

export const listAuditLogRoute = defineRoute({
  method: 'get',
  path: '/admin/audit-log',
  operationId: 'listAuditLog',
  tag: 'Operations',
  summary: 'Who did what, and what was refused, newest first',
  description:
    'Rows are only ever added. Refusals that repeat within a second are one row with a `count`, written within about a second, and leave ' +
    'after 180 days; everything that changed something stays.',
  auth: 'audit.read',
  request: {
    query: z.strictObject({
      ...pageQuery,
      event: z.enum(SECURITY_EVENTS).optional(),
      actorId: idSchema.optional(),
      subjectId: idSchema.optional(),
      from: timeSchema.optional().meta({ description: 'From this time on.' }),
      to: timeSchema.optional().meta({ description: 'Before this time.' }),
    }),
  },
  responses: { 200: pageSchema(auditRowSchema) },
  errors: [],
});

export const operationsContracts = [listAuditLogRoute];
