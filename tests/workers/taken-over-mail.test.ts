import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectMongo, disconnectMongo } from '../../src/infra/mongo/index.ts';
import { NotificationModel } from '../../src/modules/notifications/notification.model.ts';
import { sendOnce } from '../../src/modules/notifications/send-once.service.ts';
import { newId } from '../../src/shared/ids.ts';

beforeAll(() => connectMongo());
afterAll(() => disconnectMongo());

it('a mail whose worker was frozen and fails after another one has sent it stays sent', async () => {
  const subjectId = newId();
  const _id = `welcome-${subjectId}`;
  const attempt = sendOnce({
    ...{ kind: 'welcome', subjectId },
    prepare: async () => {
      await NotificationModel.updateOne({ _id }, { $set: { status: 'sent', attempts: 2 } });
      throw new Error('the connection is gone');
    },
  });
  await expect(attempt).rejects.toThrow('the connection is gone');
  expect((await NotificationModel.findById(_id).lean())?.status).toBe('sent');
});
