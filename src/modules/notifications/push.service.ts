import { logger } from '../../infra/observability/index.ts';
import { isPushOn, sendPush, type PushMessage } from '../../infra/push/index.ts';
import { dropPushTarget, listPushTargets } from '../users/index.ts';
import { actOnce } from './send-once.service.ts';

/**
 * One message to every browser of these people, once per `subjectId`. A device that is gone is forgotten. Those that failed are not
 * tried again when another one took it: it would ring twice there.
 * @throws Error when no device took it, though there are some; the caller is a job and retries
 */
export async function pushOnce(subjectId: string, userIds: readonly string[], message: PushMessage): Promise<void> {
  await actOnce({ kind: 'push', subjectId }, async () => {
    const targets = isPushOn() ? await listPushTargets(userIds) : [];
    const results = await Promise.allSettled(
      targets.map(async (target) => {
        const result = await sendPush(target, message);
        if (result === 'gone') await dropPushTarget(target.id);
        return result;
      }),
    );
    const failed = results.filter((result) => result.status === 'rejected');
    const taken = results.filter((result) => result.status === 'fulfilled' && result.value === 'sent');
    if (failed.length > 0 && taken.length === 0) throw failed[0]?.reason;
    if (failed.length > 0) logger.warn({ subjectId, failed: failed.length }, 'some devices did not get a push message');
    return taken.length > 0;
  });
}
